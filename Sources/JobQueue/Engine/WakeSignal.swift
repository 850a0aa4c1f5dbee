import Synchronization

/// A bell for one waiter.
///
/// Rung while nobody waits, it is remembered once.
final class WakeSignal: Sendable {
    private struct State {
        var isRung = false
        /// Counts the waits, so that an alarm or a cancellation that comes late ends no other.
        var ticket: UInt64 = 0
        /// The wait of this ticket is over, whether or not it has begun.
        var isOver = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Rings.
    func fire() {
        let waiter = self.state.withLock { state in
            let waiter = state.waiter
            state.waiter = nil
            state.isRung = waiter == nil
            return waiter
        }
        waiter?.resume()
    }

    /// Returns when it rings (at once if it has), when `limit` is over, or when the Task is cancelled.
    func wait(atMost limit: Duration) async {
        let isRung = self.state.withLock { state in
            defer { state.isRung = false }
            return state.isRung
        }
        if isRung || limit <= .zero { return }
        let ticket = self.ticket()
        // Beside the wait, not around it: what rings resumes the waiter itself.
        let alarm = Task {
            try? await Task.sleep(for: limit)
            if !Task.isCancelled { self.end(ticket) }
        }
        await self.wait(with: ticket)
        alarm.cancel()
    }

    /// Returns when it rings (at once if it has) or when the Task is cancelled.
    func wait() async { await self.wait(with: self.ticket()) }

    private func ticket() -> UInt64 {
        self.state.withLock { state in
            state.ticket += 1
            state.isOver = false
            return state.ticket
        }
    }

    private func wait(with ticket: UInt64) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // A cancelled Task does not wait: its handler may have run before there was anything to resume.
                let mayGo = self.state.withLock { state in
                    if state.isRung || state.isOver || Task.isCancelled {
                        state.isRung = false
                        return true
                    }
                    state.waiter = continuation
                    return false
                }
                if mayGo { continuation.resume() }
            }
        } onCancel: {
            self.end(ticket)
        }
    }

    private func end(_ ticket: UInt64) {
        let waiter = self.state.withLock { state in
            guard state.ticket == ticket else { return nil as CheckedContinuation<Void, Never>? }
            state.isOver = true
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }
}
