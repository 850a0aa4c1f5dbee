import NIOCore

extension World {
    /// `GET /rest/v1/activities/pagingtoken.json?sinceDatetime=…`; the docs also write `sinceDateTime`.
    mutating func pagingToken(_ request: VendorRequest, at uptime: Int64) throws(VendorError) -> ByteBuffer {
        guard let text = request.parameters["sinceDatetime"] ?? request.parameters["sinceDateTime"] else {
            throw VendorError("1003", "sinceDatetime not specified")
        }
        guard let since = CivilTime.seconds(parsing: text) else { throw VendorError("704", "Invalid date format '\(text)'") }
        let token = ActivityToken(since: since)
        return self.envelope(at: uptime) { buffer in
            buffer.writeString("\"success\":true,\"nextPageToken\":")
            buffer.writeJSON(token.text)
        }
    }

    /// `GET /rest/v1/activities.json`.
    mutating func activities(_ request: VendorRequest, _ permit: Permit, at uptime: Int64) throws(VendorError) -> ByteBuffer {
        guard let types = request.parameters.list("activityTypeIds"), !types.isEmpty else {
            throw VendorError("1003", "activityTypeIds not specified")
        }
        guard types.count <= 10 else { throw VendorError("1003", "Too many activityTypeIds: at most 10") }
        let wanted = Set(types.compactMap { Int32($0) })
        var assets: Set<Int64>?
        if let asked = request.parameters.list("assetIds"), !asked.isEmpty {
            guard types.count == 1 else { throw VendorError("1003", "assetIds can only be used with one activityTypeId") }
            assets = Set(asked.compactMap { Int64($0) })
        }
        let log = self.log
        let page = try self.activityPage(
            request, permit, types: wanted,
            matches: { entry in
                // A generated New Lead has the lead itself for its primary attribute.
                assets.map { assets in (log.detail(of: entry).map(\.primaryID) ?? entry.lead).map(assets.contains) ?? false } ?? true
            }, at: uptime)
        return self.activityBody(page, at: uptime) { $0.writeActivity($2, at: $1, to: &$3) }
    }

    /// `GET /rest/v1/activities/leadchanges.json`: types 12 and 13, the latter for the fields named.
    mutating func leadChanges(_ request: VendorRequest, _ permit: Permit, at uptime: Int64) throws(VendorError) -> ByteBuffer {
        guard let names = request.parameters.list("fields"), !names.isEmpty else { throw VendorError("1003", "fields not specified") }
        var fields: Set<Int> = []
        for name in names {
            guard let index = self.leads.catalog.index(of: name) else { throw VendorError("1006", "Field '\(name)' not found") }
            fields.insert(index)
        }
        let log = self.log
        let page = try self.activityPage(
            request, permit, types: [Int32(Activity.Kind.newLead), Int32(Activity.Kind.changeDataValue)],
            matches: { entry in
                entry.type == Activity.Kind.newLead || log.detail(of: entry)?.changes.contains { fields.contains($0.field) } ?? false
            }, at: uptime)
        return self.activityBody(page, at: uptime) { $0.writeLeadChange($2, at: $1, to: &$3) }
    }

    /// `GET /rest/v1/activities/deletedleads.json`.
    mutating func deletedLeads(_ request: VendorRequest, _ permit: Permit, at uptime: Int64) throws(VendorError) -> ByteBuffer {
        let page = try self.activityPage(request, permit, types: [Int32(Activity.Kind.delete)], matches: { _ in true }, at: uptime)
        return self.activityBody(page, at: uptime) { $0.writeActivity($2, at: $1, to: &$3) }
    }

    /// What one call of the family gives.
    private struct ActivityPage {
        var places: [Int]
        var next: String
        var more: Bool
    }

    private mutating func activityPage(
        _ request: VendorRequest, _ permit: Permit, types: Set<Int32>, matches: (ActivityLog.Entry) -> Bool, at uptime: Int64
    ) throws(VendorError) -> ActivityPage {
        guard let text = request.parameters["nextPageToken"] else { throw VendorError("1003", "nextPageToken not specified") }
        guard let token = ActivityToken(text) else { throw VendorError("1003", "Invalid nextPageToken") }
        let asked = request.parameters.list("leadIds") ?? []
        guard asked.count <= 30 else { throw VendorError("1003", "Too many leadIds: at most 30") }
        var among = asked.isEmpty ? nil : Set(asked.compactMap { Int64($0) })
        if let list = request.parameters["listId"].flatMap({ Int64($0) }) {
            guard let list = self.lists[list] else { throw VendorError("1013", "List '\(list)' not found") }
            guard list.members.count < 10_000 || !self.switches.longListsRefused else { throw VendorError("1003", "List has too many members") }
            among = list.members
        }
        if permit.fault(.emptyPage) != nil { return ActivityPage(places: [], next: token.again.text, more: true) }
        let now = self.seconds(at: uptime)
        let oldest = Dictionary(uniqueKeysWithValues: types.map { ($0, Activity.retention(of: Int($0)).map { now - $0 } ?? .min) })
        let missesLate = self.switches.continuedTokensMissLate
        let size = min(300, max(1, request.parameters["batchSize"].flatMap { Int($0) } ?? 300))
        let limit = min(size, permit.fault(.shortPage)?.count ?? size)
        let walk = self.log.walk(from: token.position, since: token.since, limit: limit, scan: self.switches.activityScan) { entry in
            guard let oldest = oldest[entry.type], entry.date >= oldest else { return false }
            if entry.isLate, missesLate, entry.date < token.readAt { return false }
            if let among, !among.contains(entry.lead) { return false }
            return matches(entry)
        }
        // The read goes on: what was committed late before it began is still its to find.
        let next = ActivityToken(since: token.since, position: walk.next, readAt: walk.more ? token.readAt : now)
        var page = ActivityPage(places: walk.found, next: next.text, more: walk.more)
        if permit.fault(.repeatedRecords) != nil { page.places += walk.found }
        if permit.fault(.repeatedToken) != nil { page.next = text }
        return page
    }

    /// The envelope of the family: no `result` when there is no record (R).
    private mutating func activityBody(
        _ page: ActivityPage, at uptime: Int64, _ write: (World, Int, ActivityLog.Entry, inout ByteBuffer) -> Void
    ) -> ByteBuffer {
        let world = self
        return self.envelope(at: uptime, capacity: 512 + page.places.count * 320) { buffer in
            if !page.places.isEmpty {
                buffer.writeString("\"result\":")
                buffer.writeList(page.places) { write(world, $1, world.log[$1], &$0) }
                buffer.writeString(",")
            }
            buffer.writeString("\"success\":true,\"nextPageToken\":")
            buffer.writeJSON(page.next)
            buffer.writeString(page.more ? ",\"moreResult\":true" : ",\"moreResult\":false")
        }
    }
}
