package import Sync

/// What a contact shows of its lead from now on: the three fields that Marketo owns, nothing else (R63).
package struct ContactUpdate: Sendable {
    /// The contact.
    package let contact: ContactID
    /// The values; the lead is always there.
    package let fields: ThreeFields
    /// By which rule, for the record.
    package let rule: MatchRule
    /// The job that does it.
    package let job: Int64
}
