/// What is to be done about one lead.
package struct ContactDecision: Hashable, Sendable {
    /// A contact: one that is there, or the one that this batch makes of a lead.
    package enum Target: Hashable, Sendable {
        case existing(ContactID)
        case madeOf(LeadID)
    }

    /// What happens to one contact that the lead belongs to.
    package struct Link: Hashable, Sendable {
        package let contact: Target
        package let rule: MatchRule
        /// The link is not there yet.
        package let isNew: Bool
        /// The contact shows this lead: of several the lowest id (D4).
        ///
        /// If not, nothing is written to the contact.
        package let isPrimary: Bool
        /// What to write to the contact; empty = nothing.
        package let changes: [FieldChange]
        /// It has no account and gets one by the rules (D18).
        package let needsAccount: Bool
    }

    package enum Outcome: Hashable, Sendable {
        /// Make a contact of the lead, linked with it and as its primary (R7). It needs an account.
        case create
        /// Link and update; at least one.
        case apply([Link])
        /// The contact was deleted by a user (D9).
        case tombstone
        /// Not registered; `value` is what is wrong, as received.
        case quarantine(QuarantineReason, value: String?)
    }

    package let lead: LeadID
    package let outcome: Outcome
    package let notes: [SyncNote]
}
