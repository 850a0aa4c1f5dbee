package import JobQueue

/// Closes a full load or a sweep when nothing of it is left to do.
///
/// - Shape: `{"run": 7}`. Unique: one waiting job a run.
/// - Ends: `done`; until then it is postponed, for a longer while the older the run is.
package struct FinishRun: Job {
    package static let kind = "finish-run"
    package static let policy = JobPolicy.writesDown(priority: Urgency.hourly)
    /// The run in `sync.runs`.
    package let run: Int64
    package var uniqueKey: String? { "run:\(self.run)" }
    package init(run: Int64) { self.run = run }
}
