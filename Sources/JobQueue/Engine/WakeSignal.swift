import Synchronization

/// A bell for one waiter.
///
/// Rung while nobody waits, it is remembered once.
final class WakeSignal: Sendable {
    private struct State {
        var isRung = false
        var ticket: UInt64 = 0
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
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait() }
            group.addTask { try? await Task.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Returns when it rings (at once if it has) or when the Task is cancelled.
    func wait() async {
        let ticket = self.state.withLock { state in
            state.ticket += 1
            return state.ticket
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // A cancelled Task does not wait: its handler may have run before there was anything to resume.
                let mayGo = self.state.withLock { state in
                    if state.isRung || Task.isCancelled {
                        state.isRung = false
                        return true
                    }
                    state.waiter = continuation
                    return false
                }
                if mayGo { continuation.resume() }
            }
        } onCancel: {
            let waiter = self.state.withLock { state in
                guard state.ticket == ticket else { return nil as CheckedContinuation<Void, Never>? }
                defer { state.waiter = nil }
                return state.waiter
            }
            waiter?.resume()
        }
    }
}
