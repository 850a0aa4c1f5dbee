import Synchronization

/// Lets a fixed number in at a time, first come first served; the shell around `WaitingLine`.
final class FairLine: Sendable {
    /// How waiting ended.
    enum Outcome: Sendable { case admitted, cancelled, deadline, closed }

    private struct State {
        var line: WaitingLine
        var waiting: [UInt64: UnsafeContinuation<Outcome, Never>] = [:]
        var lastVisitor: UInt64 = 0
        var isClosed = false

        /// `nil`: this visitor has to wait.
        mutating func arrive(_ visitor: UInt64) -> Outcome? {
            if self.isClosed { return .closed }
            return self.line.arrive(visitor) ? .admitted : nil
        }
    }

    private let state: Mutex<State>

    init(places: Int) { self.state = Mutex(State(line: WaitingLine(places: places))) }

    /// How many are waiting now.
    var waitingCount: Int { self.state.withLock { $0.waiting.count } }

    /// Waits for a place; whoever is `admitted` must `leave` once.
    func enter(cancellable: Bool = true, until deadline: ContinuousClock.Instant? = nil) async -> Outcome {
        if cancellable, Task.isCancelled { return .cancelled }
        let visitor = self.state.withLock { state in
            state.lastVisitor += 1
            return state.lastVisitor
        }
        var alarm: Reactor.Token?
        let outcome = await withTaskCancellationHandler {
            await withUnsafeContinuation { (continuation: UnsafeContinuation<Outcome, Never>) in
                let immediate = self.state.withLock { state in
                    let outcome = state.arrive(visitor)
                    if outcome == nil { state.waiting[visitor] = continuation }
                    return outcome
                }
                if let immediate {
                    continuation.resume(returning: immediate)
                    return
                }
                if let deadline { alarm = Reactor.shared.call(at: deadline) { self.dismiss(visitor, .deadline) } }
                // A cancellation before the arrival found nobody to send away.
                if cancellable, Task.isCancelled { self.dismiss(visitor, .cancelled) }
            }
        } onCancel: {
            if cancellable { self.dismiss(visitor, .cancelled) }
        }
        if let alarm { Reactor.shared.forget(alarm) }
        return outcome
    }

    /// Gives the place to the next in line.
    func leave() {
        self.state.withLock { state in state.line.giveBack().flatMap { state.waiting.removeValue(forKey: $0) } }?.resume(returning: .admitted)
    }

    /// Sends everybody away who waits, now and in future; those inside stay until they leave.
    func close() {
        let waiting = self.state.withLock { state in
            state.isClosed = true
            state.line.empty()
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for continuation in waiting { continuation.resume(returning: .closed) }
    }

    private func dismiss(_ visitor: UInt64, _ outcome: Outcome) {
        let continuation = self.state.withLock { state in
            state.line.leave(visitor)
            return state.waiting.removeValue(forKey: visitor)
        }
        continuation?.resume(returning: outcome)
    }
}
