/// One thing that shall go wrong, where, and how often.
///
/// Everything is decided by the count of matching calls and the seed: the same calls meet the same faults. A call matches when the fault
/// would show on it and no earlier rule has struck it.
package struct FaultRule: Sendable, Codable, Equatable {
    /// What goes wrong.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// A response-level error with `code` and `message`, HTTP 200.
        case code
        /// An HTML answer of the gateway with `status`; nothing was done.
        case http
        /// The connection is reset; nothing was done.
        case reset
        /// The call is done, then the answer is lost: HTML with `status` when one is given, else a reset.
        case lostAnswer = "lost-answer"
        /// The right answer, cut in the middle.
        case truncated
        /// HTTP 200 and a body that is not JSON.
        case invalidJSON = "invalid-json"
        /// The answer comes after `seconds`, or between `seconds` and `maxSeconds`; most of them early when `longTail`.
        case delay
        /// Accepted and never answered.
        case hang
        /// Identity refuses with HTTP 401 and JSON: `code` is its `error` ("invalid_client"), `message` its description.
        case unauthorized
        /// 601, and the token is worth nothing from then on.
        case tokenInvalid = "token-invalid"
        /// 602 once; the same token works again.
        case tokenExpired = "token-expired"
        /// 602, then 601 for the same token: it ran out before its time.
        case tokenExpiredThenInvalid = "token-expired-then-invalid"
        /// An activities page without records, `moreResult` true, and another token for the same place.
        case emptyPage = "empty-page"
        /// A page of at most `count` records.
        case shortPage = "short-page"
        /// Records of the page come twice.
        case repeatedRecords = "repeated-records"
        /// The page's `nextPageToken` is the one it was asked with.
        case repeatedToken = "repeated-token"
        /// The export being enqueued never starts.
        case bulkStuck = "bulk-stuck"
        /// The export being enqueued will fail, with `message` for its `errorMsg`.
        case bulkFailed = "bulk-failed"
        /// The file is 404, although the export is completed.
        case bulkGone = "bulk-gone"
        /// A record of Sync Leads is skipped with `code` and `message`, `nth`, `rate` … counting records.
        case record
    }

    package var kind: Kind
    /// Which paths: `*` stands for anything, `/rest/v1/leads.json`, `*/activities*`.
    ///
    /// All when absent.
    package var path: String?
    /// Which effective method (after `_method`).
    ///
    /// All when absent.
    package var method: String?
    package var code: String?
    package var message: String?
    package var status: Int?
    package var seconds: Double?
    package var maxSeconds: Double?
    package var longTail: Bool?
    package var count: Int?
    /// Fires on this share of the matching calls.
    package var rate: Double?
    /// Fires on the n-th matching call only, the first being 1.
    package var nth: Int?
    /// Fires on every n-th matching call.
    package var every: Int?
    /// Does not look at the first so many matching calls.
    package var after: Int?
    /// Fires so many times at most.
    package var times: Int?

    package init(_ kind: Kind, path: String? = nil, method: String? = nil) {
        self.kind = kind
        self.path = path
        self.method = method
    }

    /// What in it can't be, in a sentence; `nil`: nothing.
    package var complaint: String? {
        if let status = self.status, !(400...599).contains(status) { return "status is 400 to 599" }
        if ![self.seconds, self.maxSeconds].allSatisfy({ $0.map { (0...86_400).contains($0) } ?? true }) { return "seconds are 0 to 86,400" }
        if ![self.count, self.nth, self.every, self.after, self.times].allSatisfy({ $0.map { $0 >= 0 } ?? true }) {
            return "count, nth, every, after and times are 0 or more"
        }
        return nil
    }

    /// A response-level error.
    package static func code(_ code: String, _ message: String? = nil, path: String? = nil) -> FaultRule {
        var rule = FaultRule(.code, path: path)
        rule.code = code
        rule.message = message
        return rule
    }

    /// The code it answers with.
    var errorCode: String { self.code ?? "611" }

    /// The same rule, on the n-th matching call only.
    package func on(nth: Int) -> FaultRule { self.with { $0.nth = nth } }

    /// The same rule, so many times at most.
    package func limited(to times: Int) -> FaultRule { self.with { $0.times = times } }

    /// The same rule, on a share of the matching calls.
    package func at(rate: Double) -> FaultRule { self.with { $0.rate = rate } }

    /// The same rule with other details.
    package func with(_ change: (inout FaultRule) -> Void) -> FaultRule {
        var rule = self
        change(&rule)
        return rule
    }
}
