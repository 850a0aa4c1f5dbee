package import JobQueue
package import Sync

/// Makes a lead of a contact that has an e-mail address and no lead (R58, R59), or links the one that is there.
///
/// Up to 300 of them share a call. One call at a time a tenant, and each asks Marketo for the addresses first.
///
/// - Shape: `{"contact": 5}`; what is sent is read when it is.
/// - Unique: one waiting job a contact.
/// - Ends: `done`; also when there is nothing to make, or Marketo refuses it: then a note says why. Source: sync-algorithms.md 4.4.
package struct CreateLead: Job {
    package static let kind = "create-lead"
    package static let policy = JobPolicy.pushes
    /// The contact.
    package let contact: ContactID
    package var uniqueKey: String? { "contact:\(self.contact.rawValue)" }
    package init(contact: ContactID) { self.contact = contact }
}
