/// How a vendor call ended, as far as the limits are concerned; the vendor's answer outranks the ledger, for the whole fleet.
package enum CallOutcome: String, Sendable, CaseIterable {
    /// It did what was asked, or said what was wrong with a record: the vendor is well.
    case answered
    /// 601, 602: a new token is needed; the vendor is well.
    case tokenExpired = "token_expired"
    /// 606: more than 100 calls in 20 s; others use this subscription too.
    case windowFull = "window_full"
    /// 615: more than 10 at once; others use this subscription too.
    case tooMany = "too_many"
    /// 607: the day's quota is spent.
    case quotaSpent = "quota_spent"
    /// 5xx, cut or unreadable answer, 604, 608, 611, 713: the vendor is in trouble.
    case upstream
    /// Its connection broke, or was given up without an answer: as `upstream`, and its slot stays taken for 3 s, for the vendor may be at work on it.
    case lost
    /// The credentials are refused for good.
    case authRefused = "auth_refused"
    /// It never left this machine; its place is free again.
    case unsent
    /// Nobody waited for its answer: it shows nothing, and keeps its slot until its lease ends.
    case abandoned
}
