package import Sync

extension MarketoClient {
    /// Reads leads by their ids.
    ///
    /// - Parameter ids: 1 to 300. Those that are not there are simply absent from the page.
    package func leads(ids: [LeadID], fields: LeadFields = LeadFields()) async throws -> LeadPage {
        try self.require((1...Self.recordsPerCall).contains(ids.count), for: .leadsByID)
        return try await self.leads(.leadsByID, filter: "id", values: ids.map { String($0.rawValue) }, fields: fields)
    }

    /// Reads leads by their e-mail; several leads may share one.
    ///
    /// - Parameter emails: 1 to 300, none with a comma in it, as the API separates by it.
    package func leads(emails: [String], fields: LeadFields = LeadFields()) async throws -> LeadPage {
        try self.require(
            (1...Self.recordsPerCall).contains(emails.count) && emails.allSatisfy { !$0.isEmpty && !$0.utf8.contains(UInt8(ascii: ",")) },
            for: .leadsByEmail)
        return try await self.leads(.leadsByEmail, filter: "email", values: emails, fields: fields)
    }

    /// Writes leads.
    ///
    /// - Parameter records: 1 to 300, all of one kind of key; together at most 1 MB.
    /// - Returns: One outcome for each record, in their order. Fewer or more than were sent is an error whose outcome is unknown.
    package func syncLeads(_ records: [LeadInput], action: SyncLeadsAction = .updateOnly) async throws -> [RecordOutcome] {
        let areByID = records.map { if case .id = $0.key { true } else { false } }
        try self.require((1...Self.recordsPerCall).contains(records.count) && Set(areByID).count == 1, for: .syncLeads)
        // The API takes the id as key for updates only.
        try self.require(areByID.first == false || action == .updateOnly, for: .syncLeads)
        let body = JSONValue.object([
            .init(name: "action", value: .text(action.rawValue)),
            .init(name: "lookupField", value: .text(areByID.first == true ? "id" : "email")),
            .init(name: "input", value: .array(records.map(\.json))),
        ])
        let envelope = try await self.call(WireRequest(.syncLeads, body: JSONWriter.bytes(body)), record: RecordOutcome.read)
        // Their order is the only link to what was sent.
        guard envelope.records.count == records.count else {
            throw MarketoError(.malformedAnswer, httpStatus: 200, operation: .syncLeads, effect: .unknown)
        }
        return envelope.records
    }

    /// Reads the list of fields.
    package func describe() async throws -> LeadSchema {
        LeadSchema(fields: try await self.call(WireRequest(.describe), record: LeadFieldDescription.read).records.compactMap { $0 })
    }

    /// So many pages may one question have: Marketo refuses one that more than 1,000 leads match.
    private static let mostPages = 20

    /// The whole answer, all of its pages: a lead that stands on the second must not be taken for one that is gone.
    private func leads(_ operation: MarketoOperation, filter: String, values: [String], fields: LeadFields) async throws -> LeadPage {
        let rows = LeadRowReader(fields)
        var read: [LeadRow] = []
        var token: String?
        for _ in 0..<Self.mostPages {
            let request = WireRequest(
                operation,
                [
                    ("filterType", filter), ("filterValues", values.joined(separator: ",")), ("fields", fields.parameter),
                    ("batchSize", String(Self.recordsPerCall)), ("nextPageToken", token),
                ])
            let envelope = try await self.call(request, record: rows.read)
            // Without a list nobody has said that the leads are not there.
            guard envelope.hasResult else { break }
            read += envelope.records
            let next = envelope.nextPageToken.flatMap { $0.isEmpty ? nil : $0 }
            // Lists of leads leave `moreResult` out and give a token only when there is more.
            guard envelope.moreResult ?? (next != nil) else { return LeadPage(read) }
            guard let next, next != token else { break }
            token = next
        }
        throw MarketoError(.malformedAnswer, httpStatus: 200, operation: operation, effect: .unknown)
    }
}
