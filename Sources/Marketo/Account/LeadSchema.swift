/// The fields that a subscription's leads have, and which of them the sync means.
package struct LeadSchema: Sendable, Equatable {
    /// All fields that the REST API has, in the order received.
    package let fields: [LeadFieldDescription]
    private let byName: [String: LeadFieldDescription]

    package init(fields: [LeadFieldDescription]) {
        self.fields = fields
        self.byName = Dictionary(fields.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The field whose REST name is exactly this.
    package func field(named name: String) -> LeadFieldDescription? { self.byName[name] }

    /// Where deal phases go: the REST name must match, as a label may be anything (R36).
    ///
    /// - Parameter name: The setting `phase-field`.
    package func phaseField(named name: String = "mazrica_phase") -> LeadFieldDescription? { self.field(named: name) }

    /// Where the kind of the last sales activity goes (R55).
    ///
    /// - Parameter name: The setting `status-field`; when `nil` or empty, a field `Lead_status` that somebody made, else the standard `leadStatus`.
    package func statusField(named name: String? = nil) -> LeadFieldDescription? {
        if let name, !name.isEmpty { return self.field(named: name) }
        return self.field(named: "Lead_status") ?? self.field(named: "leadStatus")
    }

    /// The types that the phase's field may well have (R36): whatever is made of another one, values that don't fit are refused.
    package static let phaseTypes = ["text"]
    /// The types that the status's field may well have.
    package static let statusTypes = ["string", "text"]

    /// Where Marketo keeps the Acquisition Date (R63): its REST name, else the label.
    package var acquisitionDateField: LeadFieldDescription? {
        self.field(named: LeadField.acquisitionDate.standardName)
            ?? self.fields.first { $0.label == "Acquisition Date" && ($0.dataType == "datetime" || $0.dataType == "date") }
    }

    /// The fields to ask for: those of the sync that are there.
    ///
    /// - Parameter others: Further REST names; those that are not there are left out.
    package func leadFields(others: [String] = []) -> LeadFields {
        let standard = LeadField.allCases.filter { $0 != .acquisitionDate }.map(\.standardName)
        return LeadFields(acquisitionDate: self.acquisitionDateField?.name, others: others.filter { self.byName[$0] != nil })
            .without(standard.filter { self.byName[$0] == nil })
    }
}
