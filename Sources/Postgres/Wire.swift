import CLibPQ
import Glibc
import Synchronization

/// One connection to PostgreSQL: sends, waits without holding a thread, and gives back the answers.
///
/// One exchange at a time; `Link` sees to that.
final class Wire: Sendable {
    private let state: Mutex<WireState>
    private let socket: Int32
    /// How long a cancelled statement may take to end before its connection is thrown away.
    private let cancelGrace: Duration

    init(_ state: sending WireState, cancelGrace: Duration) {
        self.cancelGrace = cancelGrace
        self.socket = state.socket
        self.state = Mutex(state)
    }

    deinit { self.close() }

    var isOpen: Bool { self.state.withLock { $0.isOpen } }
    /// Whether a transaction is open, and whether it can still be committed.
    var transaction: PGTransactionStatusType { self.state.withLock { $0.transaction } }
    var serverVersion: Int { self.state.withLock { $0.serverVersion } }
    var backend: Int32 { self.state.withLock { $0.backend } }
    var usesTLS: Bool { self.state.withLock { $0.usesTLS } }

    func close() { self.state.withLock { $0.close() } }

    /// Whether nothing has come unasked on an idle connection.
    ///
    /// What has is nearly always the server's farewell, and libpq would not tell it from a notice; so whatever it is, the connection is better not lent.
    func isQuiet() -> Bool {
        var descriptor = pollfd(fd: self.socket, events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, 0) == 0
    }

    /// Sends `request` and waits for the whole answer.
    ///
    /// - Ends: the first refusal among the results; `connectionLost`, `deadlineExceeded`, `cancelled`. Of an answer that came in full in
    ///   spite of a cancel request, the answer counts: what was done is done.
    /// - Parameters:
    ///   - onTheSpot: whether the answer is expected so soon that the thread is better kept.
    ///   - rows: what a COPY goes on with, asked for until it ends.
    func exchange(
        _ request: Request, deadline: ContinuousClock.Instant, isCancellable: Bool, onTheSpot: Bool = false, rows: () -> CopyBite = { .end }
    ) async throws(PostgresError) -> [PostgresResult] {
        if isCancellable, Task.isCancelled { throw PostgresError(.cancelled) }
        if let error = self.state.withLock({ $0.start(request) }) {
            self.close()
            throw error
        }
        var exchange = Exchange(deadline: deadline, isCancellable: isCancellable, cancelGrace: self.cancelGrace)
        var isCancelUnderWay = false
        var isOnTheSpot = onTheSpot
        while true {
            let (receipt, isWriting) = self.state.withLock { state -> (WireState.Receipt, Bool) in
                guard state.flush() != nil else {
                    // The write failed; what the server said before it hung up may still be readable.
                    let receipt = state.receive()
                    if case .pending = receipt { return (.broken(PostgresError(.connectionLost)), false) }
                    return (receipt, false)
                }
                let receipt = state.receive()
                // What came may have asked for rows, which are to be sent then; a break in that shows in the next receipt.
                return (receipt, state.flush() ?? false)
            }
            switch receipt {
            case .complete(let results):
                // A request that is still on its way would stop whatever this connection does next.
                if isCancelUnderWay { self.close() }
                if let error = results.lazy.compactMap(\.error).first { throw exchange.meaning(of: error) }
                return results
            case .broken(let error):
                self.close()
                throw exchange.isCancelled
                    ? PostgresError(.cancelled, summary: error.description, detail: error.detail, mayHaveTakenEffect: true) : error
            case .wantsRows:
                self.stream(rows)
                continue
            case .pending: break
            }
            if isOnTheSpot, !isWriting {
                isOnTheSpot = self.waitOnTheSpot()
                if isOnTheSpot { continue }
            }
            let wake = await Reactor.shared.wait(
                for: isWriting ? .readableOrWritable : .readable, on: self.socket, until: exchange.deadline,
                cancellable: exchange.listensForCancel)
            switch exchange.woke(wake, at: .now) {
            case .receive: break
            case .requestCancel: isCancelUnderWay = await !self.requestCancel(until: exchange.deadline)
            case .abandon(let code):
                // The statement may still be running over there; asking costs nothing and the connection is gone either way.
                self.state.withLock { $0.makeCancel() }?.sendAndForget()
                self.close()
                throw PostgresError(code, mayHaveTakenEffect: true)
            }
        }
    }

    /// Hands over the rows of a COPY, each bite on its way while the next is made.
    ///
    /// A bite that libpq does not take makes the server refuse them all: none may be missing among the others.
    private func stream(_ rows: () -> CopyBite) {
        var bite = rows()
        while self.state.withLock({ $0.hand(bite) }) {
            guard case .rows = bite else { return }
            bite = rows()
        }
        if !self.state.withLock({ $0.hand(.refusal) }) { self.close() }
    }

    /// Holds the thread until something comes, for as long as that is cheaper than to let go of it: whether something came.
    private func waitOnTheSpot() -> Bool {
        guard Promptness.mayHold() else { return false }
        defer { Promptness.letGo() }
        var descriptor = pollfd(fd: self.socket, events: Int16(POLLIN), revents: 0)
        var limit = timespec(tv_sec: 0, tv_nsec: Promptness.nanoseconds)
        return ppoll(&descriptor, 1, &limit, nil) > 0
    }

    /// Waits for something to come unasked: `true` when it did, `false` at the deadline or when the Task was cancelled.
    func waitForInput(until deadline: ContinuousClock.Instant) async -> Bool {
        await Reactor.shared.wait(for: .readable, on: self.socket, until: deadline, cancellable: true) == .ready
    }

    /// What has come by LISTEN; `connectionLost` when the connection has gone.
    func notifications() throws(PostgresError) -> [(channel: String, payload: String)] {
        let (receipt, notifications) = self.state.withLock { ($0.receive(), $0.notifications()) }
        if case .broken(let error) = receipt, notifications.isEmpty {
            self.close()
            throw error
        }
        return notifications
    }

    /// Whether the server has acted on the request; no later than at `deadline`.
    private func requestCancel(until deadline: ContinuousClock.Instant) async -> Bool {
        guard let request = self.state.withLock({ $0.makeCancel() }) else { return true }
        let outcome = OneShot<Bool>()
        let alarm = Reactor.shared.call(at: deadline) { outcome.settle(false) }
        if !BlockingThread.start({ outcome.settle(request.sendBlocking()) }) { outcome.settle(true) }  // nothing was sent
        defer { Reactor.shared.forget(alarm) }
        return await outcome.value()
    }
}
