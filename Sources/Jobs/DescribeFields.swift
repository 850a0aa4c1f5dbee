package import JobQueue

/// Asks Marketo which fields its leads have.
///
/// - Shape: `{}`. Unique: one waiting job a tenant. Ends: `done`.
package struct DescribeFields: Job {
    package static let kind = "describe-fields"
    package static let policy = JobPolicy.asksMarketo(priority: Urgency.hourly)
    package var uniqueKey: String? { "tenant" }
    package init() {}
}
