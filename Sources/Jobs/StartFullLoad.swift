package import JobQueue

/// Begins to read every lead of a tenant (R9): notes where the feeds stand, finds out how far the lead ids go, and wants each block read.
///
/// - Shape: `{"run": 7}`, a row of `sync.runs` of the kind `full`; or of the kind `reread`, whose blocks are known, and are only to be handed out.
/// - Unique: one waiting job a run. It comes back for each call of its plan, which is kept in `sync.runs`, so that a call which is held back costs
///   none of those before; then for each bite of blocks until every block has its job.
/// - Ends: `done`. Source: sync-algorithms.md 3.3.
package struct StartFullLoad: Job {
    package static let kind = "start-full-load"
    package static let policy = JobPolicy.asksMarketo(priority: Urgency.backfill)
    /// The run in `sync.runs`.
    package let run: Int64
    package var uniqueKey: String? { "run:\(self.run)" }
    package init(run: Int64) { self.run = run }
}
