import NIOCore

extension World {
    /// What became of one record of a write.
    private enum RecordResult {
        case done(Int64, String)
        case skipped(Int64?, VendorError)

        func write(to buffer: inout ByteBuffer) {
            switch self {
            case .done(let id, let status): buffer.writeString("{\"id\":\(id),\"status\":\"\(status)\"}")
            case .skipped(let id, let error):
                buffer.writeString(id.map { "{\"id\":\($0),\"status\":\"skipped\"" } ?? "{\"status\":\"skipped\"")
                buffer.writeString(",\"reasons\":[{\"code\":\"\(error.code)\",\"message\":")
                buffer.writeJSON(error.message)
                buffer.writeString("}]}")
            }
        }
    }

    /// How a write of leads shall find and treat them.
    private struct WriteOrder {
        var action: String
        var lookup: Int
        var isPush = false
        /// 145's attributes.
        var pushAttributes: [Activity.Attribute] = []
        var program = ""
    }

    /// `POST /rest/v1/leads.json`, and `…/leads/push.json`, which always is an upsert and logs activity 145.
    mutating func syncLeads(_ request: VendorRequest, isPush: Bool, at uptime: Int64) throws(VendorError) -> ByteBuffer {
        let body = try request.json()
        guard body.members != nil else { throw VendorError("609", "Invalid JSON") }
        guard let input = body["input"]?.elements, !input.isEmpty else { throw VendorError("1003", "Leads not specified") }
        guard input.count <= 300 else { throw VendorError("1003", "Too many leads specified: at most 300") }
        let order = try self.writeOrder(body, isPush: isPush)
        var results: [RecordResult] = []
        for record in input {
            results.append(self.write(record, order, path: request.path, at: uptime))
        }
        return self.result(results, at: uptime) { $1.write(to: &$0) }
    }

    /// Four shapes of one call: a JSON body with `input`, or ids in the query, under POST or DELETE.
    ///
    /// Skipped records keep their id.
    mutating func deleteLeads(_ request: VendorRequest, at uptime: Int64) throws(VendorError) -> ByteBuffer {
        var ids = (request.parameters.list("id") ?? []).compactMap { Int64($0) }
        if ids.isEmpty, request.body.readableBytes > 0 {
            ids = (try request.json()["input"]?.elements ?? []).compactMap { $0["id"]?.integer }
        }
        guard !ids.isEmpty else { throw VendorError("1003", "Lead ids not specified") }
        guard ids.count <= 300 else { throw VendorError("1003", "Too many leads specified: at most 300") }
        var results: [RecordResult] = []
        for id in ids {
            results.append(self.delete(id, at: uptime) ? .done(id, "deleted") : .skipped(id, VendorError("1004", "Lead not found")))
        }
        return self.result(results, at: uptime) { $1.write(to: &$0) }
    }

    /// `POST /rest/v1/leads/{winner}/merge.json?leadId=` or `?leadIds=`; the ids must stand in the URL (U).
    mutating func mergeLeads(_ winner: Int64, _ request: VendorRequest, at uptime: Int64) throws(VendorError) -> ByteBuffer {
        let losers = (request.query.list("leadId") ?? []) + (request.query.list("leadIds") ?? [])
        guard !losers.isEmpty else { throw VendorError("1003", "Lead ids not specified") }
        var ids: [Int64] = []
        for loser in losers {
            guard let id = Int64(loser) else { throw VendorError("1001", "Invalid value '\(loser)'. Required of type 'Integer'") }
            if !ids.contains(id) { ids.append(id) }
        }
        try self.merge(ids, into: winner, at: uptime)
        return self.envelope(at: uptime) { $0.writeString("\"success\":true") }
    }

    private func writeOrder(_ body: JSONValue, isPush: Bool) throws(VendorError) -> WriteOrder {
        let action = isPush ? "createOrUpdate" : body["action"]?.text ?? "createOrUpdate"
        guard ["createOrUpdate", "createOnly", "updateOnly", "createDuplicate"].contains(action) else {
            throw VendorError("1003", "Invalid value for field 'action' and value '\(action)'")
        }
        let name = body["lookupField"]?.text ?? "email"
        guard let lookup = self.leads.catalog.index(of: name), self.leads.catalog.fields[lookup].isSearchable else {
            throw VendorError("1011", "Lookup field '\(name)' not supported")
        }
        if lookup == LeadField.Index.id, action != "updateOnly" { throw VendorError("1003", "Lookup field 'id' requires action 'updateOnly'") }
        guard isPush else { return WriteOrder(action: action, lookup: lookup) }
        guard let program = body["programName"]?.text, !program.isEmpty else { throw VendorError("701", "programName cannot be blank") }
        let attributes = ["reason", "source"].compactMap { name in
            body[name]?.text.map { Activity.Attribute(name == "reason" ? "Reason" : "Source", .string($0)) }
        }
        return WriteOrder(action: action, lookup: lookup, isPush: true, pushAttributes: attributes, program: program)
    }

    private mutating func write(_ record: JSONValue, _ order: WriteOrder, path: String, at uptime: Int64) -> RecordResult {
        if let fault = self.faults.strikeRecord(path: path) {
            self.desk.fired(.record)
            let code = fault.code ?? "1016"
            return .skipped(nil, VendorError(code, fault.message ?? VendorError.message(of: code)))
        }
        do throws(VendorError) {
            let values = try self.values(record, order)
            let rows = try self.targets(record, order, at: uptime)
            if rows.count > 1 { throw VendorError("1007", "Multiple lead match lookup criteria") }
            guard let row = rows.first else {
                if order.action == "updateOnly" { throw VendorError("1004", "Lead not found") }
                let id = self.create(values, source: .webService, at: uptime)
                self.logPush(id, order, at: uptime)
                self.keepWritten(id)
                return .done(id, "created")
            }
            if order.action == "createOnly" { throw VendorError("1005", "Lead already exists") }
            if self.switches.companyUpdatesRefused, values.contains(where: { self.leads.catalog.fields[$0.field].isOfCompany }) {
                throw VendorError("1021", "Company update not allowed")
            }
            self.apply(values, toRow: row, source: .webService, at: uptime)
            self.logPush(self.leads.id(ofRow: row), order, at: uptime)
            self.keepWritten(self.leads.id(ofRow: row))
            return .done(self.leads.id(ofRow: row), "updated")
        } catch {
            return .skipped(nil, error)
        }
    }

    /// The checked values: one that can't be held skips the whole record.
    private func values(_ record: JSONValue, _ order: WriteOrder) throws(VendorError) -> [(field: Int, value: FieldValue)] {
        guard let members = record.members else { throw VendorError("1003", "Invalid value for field 'input'") }
        var values: [(field: Int, value: FieldValue)] = []
        for member in members {
            guard let index = self.leads.catalog.index(of: member.name) else { throw VendorError("1006", "Field '\(member.name)' not found") }
            let field = self.leads.catalog.fields[index]
            let shown = member.value.text ?? "null"
            guard let value = FieldValue(member.value, for: field), !field.isReadOnly,
                index != LeadField.Index.id || order.action == "updateOnly"
            else { throw VendorError("1003", "Invalid value for field '\(field.name)' and value '\(shown)'") }
            values.append((index, value))
        }
        return values
    }

    /// The leads the record speaks of.
    private mutating func targets(_ record: JSONValue, _ order: WriteOrder, at uptime: Int64) throws(VendorError) -> [Int] {
        guard order.action != "createDuplicate" else { return [] }
        let field = self.leads.catalog.fields[order.lookup]
        guard let key = record[field.name]?.text, !key.isEmpty else { throw VendorError("1002", "Missing required parameter '\(field.name)'") }
        var rows: [Int]
        switch order.lookup {
        case LeadField.Index.id: rows = Int64(key).flatMap { self.leads.row(of: $0) }.map { [$0] } ?? []
        case LeadField.Index.email: rows = self.leads.rows(email: key)
        default: rows = self.leads.rows(field: order.lookup, values: [key])
        }
        if self.switches.createsRace, order.action == "createOrUpdate" {
            let now = self.seconds(at: uptime)
            self.justCreated = self.justCreated.filter { now - $0.value < 2 }
            rows.removeAll { self.justCreated[self.leads.id(ofRow: $0)] != nil }
        }
        return rows
    }

    private mutating func keepWritten(_ id: Int64) {
        if self.written != nil, let lead = self.lead(id) { self.written?.append(lead) }
    }

    private mutating func logPush(_ id: Int64, _ order: WriteOrder, at uptime: Int64) {
        guard order.isPush else { return }
        self.commit(
            Activity(
                type: Activity.Kind.pushLead, lead: id, date: self.seconds(at: uptime), primaryValue: order.program,
                attributes: order.pushAttributes))
    }
}
