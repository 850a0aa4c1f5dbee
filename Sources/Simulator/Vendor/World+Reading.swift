import NIOCore

extension World {
    /// `GET /rest/v1/lead/{id}.json`.
    mutating func lead(_ id: Int64, _ request: VendorRequest, at uptime: Int64) throws(VendorError) -> ByteBuffer {
        let fields = try self.fields(request)
        let row = self.leads.row(of: id)
        if row == nil, self.switches.unknownLeadIsError { throw VendorError("1004", "Lead '\(id)' not found") }
        return self.leadPage(PlacePage(items: row.map { [$0] } ?? []), fields: fields, at: uptime)
    }

    /// `GET /rest/v1/leads.json?filterType=…&filterValues=…`: at most 300 values, 1,000 matches, 300 a page; lowest id first.
    mutating func leadsByFilter(_ request: VendorRequest, at uptime: Int64) throws(VendorError) -> ByteBuffer {
        guard let type = request.parameters["filterType"] else { throw VendorError("1003", "filterType not specified") }
        guard let values = request.parameters.list("filterValues"), !values.isEmpty else { throw VendorError("1003", "filterValues not specified") }
        guard values.count <= 300 else { throw VendorError("1003", "Too many values specified for filter: at most 300") }
        let fields = try self.fields(request)
        let rows = try self.matches(type: type, values: values)
        guard rows.count <= 1_000 else { throw VendorError("1003", "Too many results match the filter") }
        return try self.page(of: rows, fields: fields, request, at: uptime)
    }

    /// `GET /rest/v1/list/{id}/leads.json`.
    mutating func leadsByList(_ id: Int64, _ request: VendorRequest, at uptime: Int64) throws(VendorError) -> ByteBuffer {
        guard let list = self.lists[id] else { throw VendorError("1013", "List '\(id)' not found") }
        let fields = try self.fields(request)
        return try self.page(of: list.members.sorted().compactMap { self.leads.row(of: $0) }, fields: fields, request, at: uptime)
    }

    /// The places of the fields asked for, `id` first; unknown ones are 1006.
    private func fields(_ request: VendorRequest) throws(VendorError) -> [Int] {
        let names = request.parameters.list("fields") ?? []
        var fields = [LeadField.Index.id]
        for name in names.isEmpty ? LeadField.defaultNames : names {
            guard let index = self.leads.catalog.index(of: name) else { throw VendorError("1006", "Field '\(name)' not found") }
            if !fields.contains(index) { fields.append(index) }
        }
        return fields
    }

    private mutating func matches(type: String, values: [String]) throws(VendorError) -> [Int] {
        guard let field = self.leads.catalog.index(of: type), self.leads.catalog.fields[field].isSearchable else {
            throw VendorError("1011", "Lookup field '\(type)' not supported")
        }
        if field == LeadField.Index.id {
            var ids: Set<Int64> = []
            for value in values {
                guard let id = Int64(value) else { throw VendorError("1001", "Invalid value '\(value)'. Required of type 'Integer'") }
                ids.insert(id)
            }
            return ids.sorted().compactMap { self.leads.row(of: $0) }
        }
        if field == LeadField.Index.email {
            var rows: Set<Int> = []
            for value in values { rows.formUnion(self.leads.rows(email: value)) }
            return rows.sorted { self.leads.id(ofRow: $0) < self.leads.id(ofRow: $1) }
        }
        return self.leads.rows(field: field, values: Set(values))
    }

    /// One page of the matches; the token carries the last id given.
    private mutating func page(of rows: [Int], fields: [Int], _ request: VendorRequest, at uptime: Int64) throws(VendorError) -> ByteBuffer {
        let page = try self.page(of: rows, kind: "lead", request) { self.leads.id(ofRow: $0) }
        return self.leadPage(page, fields: fields, at: uptime)
    }

    private mutating func leadPage(_ page: PlacePage<Int>, fields: [Int], at uptime: Int64) -> ByteBuffer {
        self.desk.readLeads(page.items.count)
        let (leads, unsetMissing) = (self.leads, self.switches.unsetFieldsMissing)
        return self.result(page, at: uptime) { leads.writeJSON(row: $1, fields: fields, unsetMissing: unsetMissing, to: &$0) }
    }
}
