package import JobQueue
package import Sync

/// A job that has Marketo show what is new about a contact; the kinds differ in the fields, and so can be held one by one.
package protocol PushJob: Job {
    /// The contact.
    var contact: ContactID { get }
    init(contact: ContactID)
}

extension PushJob {
    package var uniqueKey: String? { "contact:\(self.contact.rawValue)" }
}
