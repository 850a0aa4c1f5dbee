/// Something that a person may want to look at; no error.
///
/// One row of `ops.notes`.
package struct SyncNote: Hashable, Sendable {
    /// What it is about; the raw value is the column `kind` (CONTRACT 5).
    package enum Kind: String, Codable, Sendable, CaseIterable {
        /// Two records that may be one person (R42, D4).
        case possibleDuplicate = "possible_duplicate"
        /// An address that was not sent as another lead has it (D14).
        case emailConflict = "email_conflict"
        /// A Marketo field that is not there (R66).
        case fieldMissing = "field_missing"
        /// A Marketo field of another type than it should have: what fits is written (R36).
        case fieldWrongType = "field_wrong_type"
        /// The lead was deleted in Marketo; its contact stays (R13).
        case leadDeleted = "lead_deleted"
        /// U+0000 was dropped from a text.
        case textCleaned = "text_cleaned"
    }

    package let kind: Kind
    package let lead: LeadID?
    package let contact: ContactID?
    /// One sentence.
    package let text: String

    package init(_ kind: Kind, lead: LeadID?, contact: ContactID?, text: String) {
        self.kind = kind
        self.lead = lead
        self.contact = contact
        self.text = text
    }
}
