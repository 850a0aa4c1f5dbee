import Synchronization

/// The right to use a connection, for as long as a closure runs.
final class Loan: Sendable {
    private struct State {
        var isOpen = true
        var patience: Duration?
        var posted: [PreparedRequest] = []
        var hasLost = false
    }

    private let state = Mutex(State())

    /// Whether it has not ended yet.
    var isOpen: Bool { self.state.withLock { $0.isOpen } }

    /// Ends it: whatever is run on it from now on fails as misuse.
    func end() { self.state.withLock { $0.isOpen = false } }

    /// Has statements of this loan wait this long for an answer instead of the configured time.
    func wait(_ patience: Duration?) { self.state.withLock { $0.patience = patience } }

    /// Keeps a statement that goes with the next one.
    func post(_ request: PreparedRequest) { self.state.withLock { $0.posted.append(request) } }

    /// Whether something goes with the next one.
    var hasPosted: Bool { self.state.withLock { !$0.posted.isEmpty } }

    /// Takes what goes with the next one, in order.
    func takePosted() -> [PreparedRequest] {
        self.state.withLock { state in
            defer { state.posted = [] }
            return state.posted
        }
    }

    /// Whether something that was posted was not carried out: nothing may be committed then, even if nobody minded the error.
    var hasLost: Bool { self.state.withLock { $0.hasLost } }

    /// Something that was posted was not carried out.
    func lose() { self.state.withLock { $0.hasLost = true } }

    /// What was posted since the savepoint is undone, carried out or not.
    func forget() {
        self.state.withLock { state in
            state.posted = []
            state.hasLost = false
        }
    }

    /// When an answer asked for now is overdue.
    func deadline(_ configuration: PostgresConfiguration) -> ContinuousClock.Instant {
        ContinuousClock.now + (self.state.withLock { $0.patience } ?? configuration.deadline)
    }
}
