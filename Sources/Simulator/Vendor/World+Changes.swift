/// Where a change comes from: what the activities say about it.
package enum ChangeSource: Sendable {
    /// A call of the API.
    case webService
    /// A marketer in the vendor's own pages, or the life driver.
    case person

    var reason: String { self == .webService ? "Web service API" : "Manual person edit" }
    var source: String { self == .webService ? "Web service API" : "Lead update" }
    var newLeadSource: String { self == .webService ? "Web service API" : "New lead" }
}

extension World {
    /// Writes values into a lead: what does not change is not written, logged or dated.
    ///
    /// Returns whether anything changed.
    ///
    /// A score logs a Change Score (and, by switch, a Change Data Value beside it); `updatedAt` follows standard fields only, by switch.
    @discardableResult
    mutating func apply(_ values: [(field: Int, value: FieldValue)], toRow row: Int, source: ChangeSource, at uptime: Int64) -> Bool {
        let now = self.seconds(at: uptime)
        let lead = self.leads.id(ofRow: row)
        var changed = false
        var moves = false
        for (index, value) in values where index != LeadField.Index.id {
            let old = self.leads[row, index]
            let field = self.leads.catalog.fields[index]
            guard Self.differs(old, value, field.type) else { continue }
            self.leads[row, index] = value
            changed = true
            if !field.isCustom || self.switches.customFieldsMoveUpdatedAt { moves = true }
            if field.isScore { self.logScore(field, lead: lead, old: old.number, new: value.number, source: source, now: now) }
            if !field.isScore || self.switches.scoreChangesLogBoth {
                self.logValue(index, field, lead: lead, old: old, new: value, source: source, now: now)
            }
        }
        if moves {
            self.leads[row, LeadField.Index.updatedAt] = .number(now)
        } else if changed {
            self.customFieldsChangedAt[lead] = now
        }
        return changed
    }

    /// A new lead with those values: one New Lead activity, no other.
    mutating func create(_ values: [(field: Int, value: FieldValue)], source: ChangeSource, at uptime: Int64) -> Int64 {
        let now = self.seconds(at: uptime)
        let row = self.leads.append()
        for (field, value) in values where field != LeadField.Index.id { self.leads[row, field] = value }
        let drift: Int64 = self.switches.creationSecondsDiffer ? 1 : 0
        self.leads[row, LeadField.Index.createdAt] = .number(now - drift)
        self.leads[row, LeadField.Index.updatedAt] = .number(now - 2 * drift)
        let id = self.leads.id(ofRow: row)
        if self.switches.createsRace { self.justCreated[id] = now }
        self.commit(
            Activity(
                type: Activity.Kind.newLead, lead: id, date: now, primaryID: id, primaryValue: self.leads.fullName(row: row),
                attributes: [
                    .init("Created Date", .string(CivilTime(seconds: now).date)), .init("Source Type", .string(source.newLeadSource)),
                ]))
        return id
    }

    /// Deletes a lead; `false` when there is none of that id.
    @discardableResult package mutating func delete(_ id: Int64, at uptime: Int64) -> Bool {
        guard let row = self.leads.row(of: id) else { return false }
        self.logDeletion(id, row: row, at: uptime)
        self.leads.remove(row: row)
        for list in self.lists.keys { self.lists[list]?.members.remove(id) }
        return true
    }

    /// Merges losers into a winner: what the winner has stays, what it lacks comes from them in order; they vanish, their activities and
    /// memberships go over.
    package mutating func merge(_ losers: [Int64], into winner: Int64, at uptime: Int64) throws(VendorError) {
        guard losers.count <= 25 else { throw VendorError("1080", "Too many leads to merge: at most 25") }
        guard let row = self.leads.row(of: winner) else { throw VendorError("1004", "Lead '\(winner)' not found") }
        for loser in losers where loser == winner || self.leads.row(of: loser) == nil {
            throw VendorError("1004", "Lead '\(loser)' not found")
        }
        let now = self.seconds(at: uptime)
        var merged: [String] = []
        for loser in losers {
            guard let loserRow = self.leads.row(of: loser) else { continue }
            for (index, field) in self.leads.catalog.fields.enumerated() where !field.isReadOnly && index != LeadField.Index.id {
                let value = self.leads[loserRow, index]
                guard self.leads[row, index] == .none, value != .none else { continue }
                self.leads[row, index] = value
                self.leads[row, LeadField.Index.updatedAt] = .number(now)
                merged.append(field.displayName)
            }
            if self.switches.mergeLosersAppearDeleted { self.logDeletion(loser, row: loserRow, at: uptime) }
            self.leads.remove(row: loserRow)
        }
        self.log.move(from: Set(losers), to: winner)
        for list in self.lists.keys where !(self.lists[list]?.members.isDisjoint(with: losers) ?? true) {
            self.lists[list]?.members.subtract(losers)
            self.lists[list]?.members.insert(winner)
        }
        var attributes: [Activity.Attribute] = []
        if !merged.isEmpty { attributes.append(.init("Merge Fields", .string(merged.joined(separator: ",")))) }
        attributes.append(.init("Merge IDs", self.switches.mergeIDs.value(losers)))
        self.commit(
            Activity(
                type: Activity.Kind.merge, lead: winner, date: now, primaryID: winner, primaryValue: self.leads.fullName(row: row),
                attributes: attributes))
    }

    /// Puts an activity into the log; by switch some come late.
    mutating func commit(_ activity: Activity) {
        guard self.switches.lateShare > 0, self.random.fraction() < self.switches.lateShare else {
            self.log.append(activity)
            return
        }
        var late = activity
        late.date -= Int64(clamping: self.switches.lateSeconds, to: 0...3_153_600_000)
        self.log.append(late, isLate: true)
    }

    private static func differs(_ old: FieldValue, _ new: FieldValue, _ type: LeadField.DataType) -> Bool {
        // An unset boolean and a false one are the same to every reader.
        if type == .boolean { return (old.number ?? 0) != (new.number ?? 0) }
        return old != new
    }

    private mutating func logScore(_ field: LeadField, lead: Int64, old: Int64?, new: Int64?, source: ChangeSource, now: Int64) {
        let change = (new ?? 0) - (old ?? 0)
        var attributes: [Activity.Attribute] = [.init("Change Value", .string(change < 0 ? String(change) : "+\(change)"))]
        if let new { attributes.append(.init("New Value", .number(String(new)))) }
        if let old { attributes.append(.init("Old Value", .number(String(old)))) }
        attributes.append(.init("Reason", .string(source.reason)))
        self.commit(
            Activity(
                type: Activity.Kind.changeScore, lead: lead, date: now, primaryID: field.id, primaryValue: field.displayName, attributes: attributes))
    }

    private mutating func logValue(
        _ index: Int, _ field: LeadField, lead: Int64, old: FieldValue, new: FieldValue, source: ChangeSource, now: Int64
    ) {
        let change = Activity.Change(field: index, old: old.activityText(as: field.type), new: new.activityText(as: field.type))
        var attributes: [Activity.Attribute] = []
        if let new = change.new { attributes.append(.init("New Value", .string(new))) }
        if let old = change.old { attributes.append(.init("Old Value", .string(old))) }
        attributes.append(.init("Reason", .string(source.reason)))
        attributes.append(.init("Source", .string(source.source)))
        var activity = Activity(
            type: Activity.Kind.changeDataValue, lead: lead, date: now, primaryID: field.id, primaryValue: field.displayName,
            attributes: attributes)
        activity.changes = [change]
        self.commit(activity)
    }

    private mutating func logDeletion(_ id: Int64, row: Int, at uptime: Int64) {
        self.commit(
            Activity(
                type: Activity.Kind.delete, lead: id, date: self.seconds(at: uptime), primaryID: id, primaryValue: self.leads.fullName(row: row)))
    }
}
