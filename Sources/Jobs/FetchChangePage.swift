package import JobQueue

/// Reads the next page of one change feed; what it names is read again, for a feed only hints (DESIGN 3).
///
/// - Shape: `{"stream": "activities", "run": 7}`; where the feed was left is in `sync.cursors`. The run is the one that waits for it, if any does.
/// - Unique: one waiting job a stream. A page with more behind it enqueues the next one.
/// - Ends: `done`; the cursor moves in the transaction that stores the hints. Source: sync-algorithms.md 3.4.
package struct FetchChangePage: Job {
    package static let kind = "fetch-change-page"
    package static let policy = JobPolicy.asksMarketo(priority: Urgency.hourly)
    /// The feed.
    package let stream: ChangeStream
    /// The run in `sync.runs` on whose behalf it is read.
    package let run: Int64?
    package var uniqueKey: String? { "stream:\(self.stream.rawValue)" }
    package init(stream: ChangeStream, run: Int64? = nil) {
        self.stream = stream
        self.run = run
    }
}
