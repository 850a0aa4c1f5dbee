import JobQueue

/// Work that is none: what is left is the queue's own cost.
struct NoOpJob: Job {
    static let kind = "bench-no-op"

    /// Which of them it is.
    let number: Int
    /// Its key, if the jobs have keys.
    var key: String?

    var uniqueKey: String? { self.key }

    /// So many, counted from `first`.
    static func jobs(_ count: Int, from first: Int = 1, keyed: Bool) -> [NoOpJob] {
        (first..<(first + count)).map { NoOpJob(number: $0, key: keyed ? "job-\($0)" : nil) }
    }
}
