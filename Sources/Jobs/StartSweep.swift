package import JobQueue

/// Begins the hourly sync of a tenant (R11): the feeds, and a look above the newest lead.
///
/// - Shape: `{}`, or `{"asked": true}` when a person asked for it: then it also asks for deletions, however lately that was done (R13). Unique: one waiting job a tenant. While a sweep runs, it only notes that the next one is due.
/// - Ends: `done`.
package struct StartSweep: Job {
    package static let kind = "start-sweep"
    package static let policy = JobPolicy.writesDown(priority: Urgency.hourly)
    /// A person asked for it, not the clock; `nil` is no.
    package let asked: Bool?
    package var uniqueKey: String? { "tenant" }
    package init(asked: Bool? = nil) { self.asked = asked }
}
