import Marketo
import Store
import Sync

/// What the fields that are sent are called in a tenant's subscription, and how much they hold.
struct PushFields: Sendable {
    let phase: String
    let status: String
    let phaseLength: Int?
    let statusLength: Int?

    /// By what describe told last; before it was ever asked, by the settings and the usual names.
    init(_ known: TenantFields.Row?, settings: TenantSettings) {
        self.phase = known?.phase ?? settings.phaseField
        self.status = known?.status ?? settings.statusField ?? "leadStatus"
        self.phaseLength = known?.phaseLength
        self.statusLength = known?.statusLength
    }

    /// The values to be written for one row, by REST name; a blank text of a contact clears the field.
    func values(of row: PushRow) -> [String: FieldValue] {
        let text = PlainText.nonBlank(row.value).map { FieldValue.text($0) } ?? .null
        switch row.field {
        case "phase": return [self.phase: row.value.map { .text($0) } ?? .null]
        case "status": return [self.status: row.value.map { .text($0) } ?? .null]
        case "name":
            let name = PersonName(splitting: row.value ?? "")
            return ["lastName": name.lastName.map { .text($0) } ?? .null, "firstName": name.firstName.map { .text($0) } ?? .null]
        case "email":
            // As the contact shows it, or if that is not plain ASCII in the form that Marketo takes.
            guard case .valid(let address) = EmailAddress.read(row.value) else { return ["email": text] }
            return ["email": .text(PlainText.isASCII(address.text) ? address.text : address.key.text)]
        case "mobile_phone": return ["mobilePhone": text]
        default: return [row.field: text]
        }
    }

    /// Why a row can't be sent as it is; `nil` if it can (CONTRACT 5: never cut).
    func objection(to row: PushRow) -> String? {
        let length: Int?
        switch row.field {
        case "phase": length = self.phaseLength
        case "status": length = self.statusLength
        case "email":
            if case .invalid = EmailAddress.read(row.value) { return "email_invalid" }
            return nil
        default: length = nil
        }
        guard let length, let value = row.value, value.unicodeScalars.count > length else { return nil }
        return "value_too_long"
    }

    /// The role of a field that Marketo named, if it is one of the two.
    func role(of name: String) -> DesiredValue.Field? {
        name == self.phase ? .phase : name == self.status ? .status : nil
    }
}
