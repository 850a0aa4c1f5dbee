package import JobQueue

/// Reads a change feed once more from some hours ago on: activities are written late, and a feed that was read past their time does not go back for them.
///
/// - Shape: `{"hours": 3}` asks for a token and then for one job a feed; `{"hours": 3, "stream": "activities", "token": "…"}` reads a page. `asked`: a person wants
///   it, so it goes with the urgency of the hourly sync, and with the deleted leads.
/// - Unique: one waiting job a feed and look. A page with more behind it enqueues the next one.
/// - Ends: `done`; where the feed itself was left is not touched. Source: sync-algorithms.md 3.4.
package struct FetchTailPage: Job {
    package static let kind = "fetch-tail-page"
    package static let policy = JobPolicy.asksMarketo(priority: Urgency.sweep)
    /// How far to look back.
    package let hours: Int
    /// A person asked for it; `nil` is no.
    package let asked: Bool?
    /// The feed; `nil` at first: all that this look is for.
    package let stream: ChangeStream?
    /// The token for the next page; `nil` at first.
    package let token: String?
    /// How many pages in a row brought the look no further.
    package let idle: Int?
    /// How often Marketo refused this look's token, so that it began anew.
    package let restarts: Int?
    package var uniqueKey: String? { "\(self.stream?.rawValue ?? "start"):\(self.hours)" }
    package init(hours: Int, asked: Bool? = nil, stream: ChangeStream? = nil, token: String? = nil, idle: Int? = nil, restarts: Int? = nil) {
        self.hours = hours
        self.asked = asked
        self.stream = stream
        self.token = token
        self.idle = idle
        self.restarts = restarts
    }
}
