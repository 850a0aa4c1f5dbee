/// One field of the leads, as the subscription describes it.
package struct LeadFieldDescription: Sendable, Equatable {
    /// The name that the API uses.
    package let name: String
    /// The label that people see; anyone may change it.
    package let label: String
    /// `string`, `text`, `integer`, `datetime` and so on, in the vendor's words.
    package let dataType: String
    /// Characters; only fields like `string` have one.
    package let length: Int?
    /// Whether the API refuses to write it.
    package let isReadOnly: Bool

    package init(name: String, label: String, dataType: String, length: Int? = nil, isReadOnly: Bool = false) {
        self.name = name
        self.label = label
        self.dataType = dataType
        self.length = length
        self.isReadOnly = isReadOnly
    }
}

extension LeadFieldDescription {
    /// `nil` for a field that the REST API does not have.
    static func read(_ reader: inout JSONReader) throws(JSONError) -> LeadFieldDescription? {
        let record = try reader.readValue()
        guard let rest = record["rest"], let name = rest["name"]?.plainText, !name.isEmpty else { return nil }
        return LeadFieldDescription(
            name: name, label: record["displayName"]?.plainText ?? name, dataType: record["dataType"]?.plainText ?? "",
            length: record["length"]?.wholeNumber.flatMap { Int(exactly: $0) }, isReadOnly: rest["readOnly"]?.truth ?? false)
    }
}

extension LeadFieldDescription? {
    /// Why nothing can be sent to it: `field_missing` or `field_read_only`; `nil`: it can (R66).
    package var fault: String? {
        guard let field = self else { return "field_missing" }
        return field.isReadOnly ? "field_read_only" : nil
    }
}
