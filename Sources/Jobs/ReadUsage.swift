package import JobQueue

/// Asks Marketo how many calls all programs together have made today.
///
/// - Shape: `{}`. Unique: one waiting job a tenant. Ends: `done`.
package struct ReadUsage: Job {
    package static let kind = "read-usage"
    package static let policy = JobPolicy.asksMarketo(priority: Urgency.hourly)
    package var uniqueKey: String? { "tenant" }
    package init() {}
}
