package import JobQueue
package import Sync

/// Tells Marketo what a user changed of a contact (R60, section 8).
///
/// Up to 300 leads share a call, each with all its fields that wait, whichever job comes first.
///
/// - Shape: `{"contact": 5}`; the value waits in `sync.pushes`, so a late job sends the newest.
/// - Unique: one waiting job a contact; a second change rides on the first.
/// - Ends: `done` once Marketo has confirmed or refused it. Source: sync-algorithms.md 4.
package struct PushContact: PushJob {
    package static let kind = "push-contact"
    package static let policy = JobPolicy.pushes
    /// The contact.
    package let contact: ContactID
    /// It sends once more what was sent already; `nil` is no.
    package let confirms: Bool?
    package init(contact: ContactID, confirms: Bool? = nil) {
        self.contact = contact
        self.confirms = confirms
    }
}
