package import JobQueue
package import Sync

/// A job that has Marketo show what is new about a contact; the kinds differ in the fields, and so can be held one by one.
package protocol PushJob: Job {
    /// The contact.
    var contact: ContactID { get }
    /// It sends once more what was sent already, when an older value can't arrive any more; `nil` is no.
    var confirms: Bool? { get }
}

extension PushJob {
    /// What is sent for certainty's sake has its own time, and does not ride on what is new.
    package var uniqueKey: String? { "\(self.confirms == true ? "confirm" : "contact"):\(self.contact.rawValue)" }
}
