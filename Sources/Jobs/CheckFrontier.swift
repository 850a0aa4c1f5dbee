package import JobQueue

/// Looks above the newest known lead for leads that no feed has told of.
///
/// - Shape: `{"run": 7}`: the run that has to know before it can be finished.
/// - Unique: one waiting job a run. Comes back for as long as it finds new leads. Source: sync-algorithms.md 3.4.
package struct CheckFrontier: Job {
    package static let kind = "check-frontier"
    package static let policy = JobPolicy.asksMarketo(priority: Urgency.hourly, turn: JobPolicy.contactsTurn)
    /// The run in `sync.runs`.
    package let run: Int64
    package var uniqueKey: String? { "run:\(self.run)" }
    package init(run: Int64) { self.run = run }
}
