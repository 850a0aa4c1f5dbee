package import JobQueue

/// Reads the next page of one change feed; what it names is read again, for a feed only hints (DESIGN 3).
///
/// - Shape: `{"stream": "activities"}`; where the feed was left is in `sync.cursors`.
/// - Unique: one waiting job a stream. A page with more behind it enqueues the next one.
/// - Ends: `done`; the cursor moves in the transaction that stores the hints. Source: sync-algorithms.md 3.4.
package struct FetchChangePage: Job {
    package static let kind = "fetch-change-page"
    package static let policy = JobPolicy.asksMarketo(priority: Urgency.hourly)
    /// The feed.
    package let stream: ChangeStream
    package var uniqueKey: String? { "stream:\(self.stream.rawValue)" }
    package init(stream: ChangeStream) { self.stream = stream }
}
