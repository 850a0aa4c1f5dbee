package import JobQueue

/// Asks Marketo how many calls all programs together have made today.
///
/// - Shape: `{}`. Unique: one waiting job a tenant. Ends: `done`.
/// - Gate: none, for it is how a pause may be found to be over; the ledger lets it through once in five minutes.
package struct ReadUsage: Job {
    package static let kind = "read-usage"
    package static let policy = JobPolicy.asksMarketo(priority: Urgency.hourly, gate: nil)
    package var uniqueKey: String? { "tenant" }
    package init() {}
}
