/// A call that its admission holds back for longer than a person waits: the connection test makes a line of it.
package struct HeldBack: Error, Sendable, Equatable {
    /// What holds it back; the names are a line's `code`.
    package enum Cause: String, Sendable, CaseIterable {
        /// Marketo refuses the credentials.
        case auth
        /// Marketo is in trouble.
        case upstream
        /// Marketo said that the day's calls are spent.
        case quota
        /// Our own limit of the day is reached.
        case day
        /// What is left of the day is kept for more urgent calls.
        case lane
        /// As many calls in 20 s as are allowed.
        case window
        /// As many calls at once as are allowed.
        case concurrency
    }

    /// What holds it back.
    package let cause: Cause
    /// One plain sentence without its full stop, the time in it.
    package let sentence: String

    package init(_ cause: Cause, sentence: String) {
        self.cause = cause
        self.sentence = sentence
    }

    /// The line that it belongs to.
    var check: ConnectionCheck.Name {
        switch self.cause {
        case .auth: .credentials
        case .upstream: .endpoint
        case .quota, .day, .lane, .window, .concurrency: .quota
        }
    }
}
