/// Which fields of the leads to ask for.
package struct LeadFields: Sendable, Equatable {
    /// The sync's own fields and what each is called here, in the order asked.
    package private(set) var names: [(field: LeadField, name: String)]
    /// Further fields by REST name; they come back in ``LeadPage/others``.
    package private(set) var others: [String]

    /// - Parameters:
    ///   - acquisitionDate: What the field "Acquisition Date" is called in this subscription; `nil` when it has none.
    ///   - others: Further fields by REST name.
    package init(acquisitionDate: String? = LeadField.acquisitionDate.standardName, others: [String] = []) {
        self.names = LeadField.allCases.compactMap { field in
            field == .acquisitionDate ? acquisitionDate.map { (field, $0) } : (field, field.standardName)
        }
        let taken = Set(self.names.map(\.name) + ["id"])
        self.others = others.filter { !taken.contains($0) }
    }

    /// The same without fields that the subscription turned out not to have.
    package func without(_ missing: [String]) -> LeadFields {
        var fields = self
        fields.names.removeAll { missing.contains($0.name) }
        fields.others.removeAll { missing.contains($0) }
        return fields
    }

    /// As the API takes it.
    var parameter: String { (["id"] + self.names.map(\.name) + self.others).joined(separator: ",") }

    package static func == (one: LeadFields, other: LeadFields) -> Bool { one.parameter == other.parameter }
}
