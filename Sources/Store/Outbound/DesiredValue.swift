package import Sync

/// What Marketo should show of a contact in one field, and the event that decided it.
package struct DesiredValue: Hashable, Sendable {
    /// The two fields that follow from what sales did.
    package enum Field: String, Sendable {
        case phase, status
    }
    package let contact: ContactID
    package let field: Field
    /// `nil` is written as null.
    package let value: String?
    package let seq: Int64
    package let deal: DealID?
    package let action: Int64?

    package init(contact: ContactID, field: Field, value: String?, seq: Int64, deal: DealID?, action: Int64?) {
        self.contact = contact
        self.field = field
        self.value = value
        self.seq = seq
        self.deal = deal
        self.action = action
    }
}
