package import JobQueue

/// Begins the hourly sync of a tenant (R11): the feeds, and a look above the newest lead.
///
/// - Shape: `{}`. Unique: one waiting job a tenant. While a sweep runs, it only notes that the next one is due.
/// - Ends: `done`.
package struct StartSweep: Job {
    package static let kind = "start-sweep"
    package static let policy = JobPolicy.writesDown(priority: Urgency.hourly)
    package var uniqueKey: String? { "tenant" }
    package init() {}
}
