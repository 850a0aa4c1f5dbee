package import FoundationEssentials
package import Sync

extension MarketoClient {
    /// A token to read activities from `since` on (rounded down to the second).
    package func pagingToken(since: Date) async throws -> String {
        let request = WireRequest(.pagingToken, [("sinceDatetime", VendorTime.text(since))])
        let envelope = try await self.call(request, record: Self.nothing)
        guard let token = envelope.nextPageToken, !token.isEmpty else {
            throw MarketoError(.malformedAnswer, httpStatus: 200, operation: .pagingToken, effect: .unknown)
        }
        return token
    }

    /// A token to read activities from so many seconds before `now` on, or before Marketo's own time if that is earlier: a token from its future would miss what happens until then.
    package func pagingToken(back seconds: TimeInterval, from now: Date) async throws -> String {
        // At the latest the answer of identity tells Marketo's time.
        try await self.authenticate()
        return try await self.pagingToken(since: min(now, self.vendorTime ?? now).addingTimeInterval(-seconds))
    }

    /// Reads a page of new leads and of changed fields (types 12 and 13).
    ///
    /// - Parameter fields: REST names; the answer may tell of others all the same.
    package func leadChanges(token: String, fields: [String]) async throws -> ActivityPage {
        try self.require(!token.isEmpty && !fields.isEmpty, for: .leadChanges)
        return try await self.page(.leadChanges, token: token, [("fields", fields.joined(separator: ","))])
    }

    /// Reads a page of activities.
    ///
    /// - Parameters:
    ///   - types: 1 to 10.
    ///   - leadIDs: At most 30; none means all leads.
    package func activities(token: String, types: [Int], leadIDs: [LeadID] = []) async throws -> ActivityPage {
        try self.require(
            !token.isEmpty && (1...Self.typesPerActivityCall).contains(types.count) && leadIDs.count <= Self.leadsPerActivityCall, for: .activities)
        return try await self.page(
            .activities, token: token,
            [
                ("activityTypeIds", types.map { String($0) }.joined(separator: ",")),
                ("leadIds", leadIDs.map { String($0.rawValue) }.joined(separator: ",")),
            ])
    }

    /// Reads a page of deletions (type 37), which Marketo keeps for 14 days.
    package func deletedLeads(token: String) async throws -> ActivityPage {
        try self.require(!token.isEmpty, for: .deletedLeads)
        return try await self.page(.deletedLeads, token: token, [])
    }

    /// Reads the types of activity that this subscription has.
    package func activityTypes() async throws -> [ActivityType] {
        try await self.call(WireRequest(.activityTypes), record: ActivityType.read).records.compactMap { $0 }
    }

    /// Reads how many calls were used today.
    package func usage() async throws -> Usage {
        let (envelope, apiUser) = try await self.callWithToken(WireRequest(.usage), record: UsageRow.read)
        // One element is documented; should there be more, the latest day is today.
        guard let row = envelope.records.max(by: { $0.date < $1.date }) else { return Usage(date: "", total: 0, byUs: apiUser == nil ? nil : 0) }
        let byUs = apiUser.map { user in UsageRow.sum(row.users.filter { $0.name.lowercased() == user.lowercased() }.map(\.count)) }
        return Usage(date: row.date, total: row.total, byUs: byUs)
    }

    private func page(_ operation: MarketoOperation, token: String, _ parameters: [(name: String, value: String?)]) async throws -> ActivityPage {
        let request = WireRequest(operation, [("nextPageToken", token)] + parameters + [("batchSize", String(Self.recordsPerCall))])
        return ActivityPage(try await self.call(request, record: ActivityRow.read))
    }

    private static func nothing(_ reader: inout JSONReader) throws(JSONError) -> Bool {
        try reader.skipValue()
        return true
    }
}
