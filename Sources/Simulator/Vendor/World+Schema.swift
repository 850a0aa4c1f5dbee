import NIOCore

extension World {
    /// The types a field can be made with by a call, and how each is stored: a Text Area cannot be (reference 4.3).
    private static let creatable: [String: LeadField.DataType] = [
        "boolean": .boolean, "currency": .currency, "date": .date, "datetime": .datetime, "email": .email, "float": .float, "integer": .integer,
        "percent": .percent, "phone": .phone, "score": .integer, "string": .string, "url": .url,
    ]

    /// `GET /rest/v1/leads/schema/fields.json`, 300 a page, hidden ones too.
    mutating func schemaFields(_ request: VendorRequest, at uptime: Int64) throws(VendorError) -> ByteBuffer {
        let catalog = self.leads.catalog
        let page = try self.page(of: Array(catalog.fields.indices), kind: "field", request) { Int64($0) }
        return self.result(page, at: uptime) { Self.write(catalog.fields[$1], of: catalog, to: &$0) }
    }

    /// `GET /rest/v1/leads/schema/fields/{name}.json`.
    mutating func schemaField(_ name: String, at uptime: Int64) throws(VendorError) -> ByteBuffer {
        let catalog = self.leads.catalog
        guard let field = catalog.fields.first(where: { $0.name == name }) else { throw VendorError("1006", "Field '\(name)' not found") }
        return self.result([field], at: uptime) { Self.write($1, of: catalog, to: &$0) }
    }

    /// `POST /rest/v1/leads/schema/fields.json`: new fields of the customer's own, 100 at most by this way.
    mutating func createFields(_ request: VendorRequest, at uptime: Int64) throws(VendorError) -> ByteBuffer {
        var results: [(name: String, status: String, reason: VendorError?)] = []
        for record in try Self.input(request) {
            let name = record["name"]?.text ?? ""
            do throws(VendorError) {
                self.leads.add(try self.newField(record, name: name))
                results.append((name, "created", nil))
            } catch {
                results.append((name, "skipped", error))
            }
        }
        return self.result(results, at: uptime, Self.writeOutcome)
    }

    /// `POST /rest/v1/leads/schema/fields/{name}.json`: another label, or hidden; a field is never deleted.
    mutating func updateField(_ name: String, _ request: VendorRequest, at uptime: Int64) throws(VendorError) -> ByteBuffer {
        guard self.leads.catalog.fields.contains(where: { $0.name == name }) else { throw VendorError("1006", "Field '\(name)' not found") }
        let record = try Self.input(request)[0]
        if let label = record["displayName"]?.text { self.leads.label(name, label) }
        switch record["isHidden"] {
        case .bool(true): self.leads.hide(name)
        case .bool(false): self.leads.show(name)
        default: break
        }
        return self.result([(name: name, status: "updated", reason: nil)], at: uptime, Self.writeOutcome)
    }

    /// The records of a body; at least one.
    private static func input(_ request: VendorRequest) throws(VendorError) -> [JSONValue] {
        guard let input = try request.json()["input"]?.elements, !input.isEmpty else { throw VendorError("1003", "Fields not specified") }
        guard input.count <= 300 else { throw VendorError("1003", "Too many fields specified: at most 300") }
        return input
    }

    /// The field a record describes; the codes of refusals are not documented.
    private func newField(_ record: JSONValue, name: String) throws(VendorError) -> LeadField {
        for member in ["displayName", "name", "dataType"] where record[member]?.text?.isEmpty ?? true {
            throw VendorError("1002", "Missing required parameter '\(member)'")
        }
        let word = record["dataType"]?.text ?? ""
        guard let type = Self.creatable[word] else { throw VendorError("1003", "Invalid value for field 'dataType' and value '\(word)'") }
        let fields = self.leads.catalog.fields
        guard !fields.contains(where: { $0.name == name }) else { throw VendorError("1017", "Field '\(name)' already exists") }
        guard fields.count(where: \.isAPICreated) < 100 else { throw VendorError("1003", "Limit of 100 custom fields reached") }
        var field = LeadField(
            id: self.leads.catalog.nextID, name: name, displayName: record["displayName"]?.text ?? name, type: type,
            length: [.string, .email, .phone, .url].contains(type) ? 255 : nil, soapName: name, isCustom: true)
        field.isAPICreated = true
        field.isDeclaredScore = word == "score"
        return field
    }

    private static func writeOutcome(_ buffer: inout ByteBuffer, _ outcome: (name: String, status: String, reason: VendorError?)) {
        buffer.writeString("{\"name\":")
        buffer.writeJSON(outcome.name)
        buffer.writeString(",\"status\":\"\(outcome.status)\"")
        if let reason = outcome.reason {
            buffer.writeString(",\"reasons\":[{\"code\":\"\(reason.code)\",\"message\":")
            buffer.writeJSON(reason.message)
            buffer.writeString("}]")
        }
        buffer.writeString("}")
    }

    private static func write(_ field: LeadField, of catalog: FieldCatalog, to buffer: inout ByteBuffer) {
        buffer.writeString("{\"displayName\":")
        buffer.writeJSON(field.displayName)
        buffer.writeString(",\"name\":")
        buffer.writeJSON(field.name)
        buffer.writeString(",\"description\":null,\"dataType\":\"\(field.type.rawValue)\"")
        if let length = field.length { buffer.writeString(",\"length\":\(length)") }
        buffer.writeString(",\"isHidden\":\(catalog.index(of: field.name) == nil),\"isHtmlEncodingInEmail\":true,\"isSensitive\":false")
        buffer.writeString(",\"isCustom\":\(field.isCustom),\"isApiCreated\":\(field.isAPICreated)}")
    }
}
