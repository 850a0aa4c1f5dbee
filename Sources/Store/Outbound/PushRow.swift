package import Sync

/// One lead field that is to be sent now.
package struct PushRow: Sendable, Hashable {
    package let lead: LeadID
    /// The contact whose value it is.
    package let contact: ContactID
    /// `phase`, `status`, or a column of the contact.
    package let field: String
    /// `nil` is written as null.
    package let value: String?
    /// The most leads that a call with it may have.
    package let batchLimit: Int?
    /// It goes without the lead's other fields.
    package let isAlone: Bool

    package init(lead: LeadID, contact: ContactID, field: String, value: String?, batchLimit: Int? = nil, isAlone: Bool = false) {
        self.lead = lead
        self.contact = contact
        self.field = field
        self.value = value
        self.batchLimit = batchLimit
        self.isAlone = isAlone
    }
}
