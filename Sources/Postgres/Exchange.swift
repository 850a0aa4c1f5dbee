/// Decides how long one exchange with the server is waited for, and what follows from each way of waking.
///
/// A value: no clock, no socket. `Wire` does what it says.
struct Exchange: Sendable {
    /// What to do next.
    enum Step: Sendable, Equatable {
        /// Take what has come and, if the answer is not complete, wait on.
        case receive
        /// Ask the server to stop the statement, then wait on.
        case requestCancel
        /// Stop waiting and throw the connection away; for the reason given.
        case abandon(PostgresError.Code)
    }

    /// When waiting ends at the latest.
    private(set) var deadline: ContinuousClock.Instant
    /// Whether the Task was cancelled and the server has been told.
    private(set) var isCancelled = false
    private let isCancellable: Bool
    private let cancelGrace: Duration

    /// - Parameter cancelGrace: how long a cancelled statement may take to end; then the connection is thrown away.
    init(deadline: ContinuousClock.Instant, isCancellable: Bool, cancelGrace: Duration) {
        self.deadline = deadline
        self.isCancellable = isCancellable
        self.cancelGrace = cancelGrace
    }

    /// Whether a cancellation is to wake it.
    var listensForCancel: Bool { self.isCancellable && !self.isCancelled }

    /// What a wake means.
    mutating func woke(_ wake: Reactor.Wake, at now: ContinuousClock.Instant) -> Step {
        switch wake {
        case .ready: return .receive
        case .cancelled:
            if self.isCancelled { return .receive }
            self.isCancelled = true
            self.deadline = min(self.deadline, now + self.cancelGrace)
            return .requestCancel
        case .deadline: return .abandon(self.isCancelled ? .cancelled : .deadlineExceeded)
        }
    }

    /// What an error of the server means: one that our own cancel request caused is a cancellation.
    func meaning(of error: PostgresError) -> PostgresError {
        self.isCancelled && error.code == .server(.queryCanceled) ? PostgresError(.cancelled, sqlState: error.sqlState) : error
    }
}
