import Synchronization

/// What handlers did, in order; a test waits for it instead of sleeping.
final class Journal<Entry: Sendable>: Sendable {
    private struct State {
        var entries: [Entry] = []
        var waiters: [Int: (isMet: @Sendable ([Entry]) -> Bool, continuation: CheckedContinuation<Void, Never>)] = [:]
        var last = 0
    }

    private let state = Mutex(State())

    var entries: [Entry] { self.state.withLock { $0.entries } }

    func note(_ entry: Entry) {
        let met = self.state.withLock { state in
            state.entries.append(entry)
            let met = state.waiters.filter { $0.value.isMet(state.entries) }
            for number in met.keys { state.waiters[number] = nil }
            return met.values.map(\.continuation)
        }
        for waiter in met { waiter.resume() }
    }

    /// Returns when `isMet`; at once if it is, or if the test's time is up.
    func wait(_ isMet: @escaping @Sendable ([Entry]) -> Bool) async {
        let number = self.state.withLock { state in
            state.last += 1
            return state.last
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mayGo = self.state.withLock { state in
                    if isMet(state.entries) || Task.isCancelled { return true }
                    state.waiters[number] = (isMet, continuation)
                    return false
                }
                if mayGo { continuation.resume() }
            }
        } onCancel: {
            self.state.withLock { $0.waiters.removeValue(forKey: number) }?.continuation.resume()
        }
    }

    /// Returns when there are `count` entries.
    func wait(count: Int) async { await self.wait { $0.count >= count } }
}

/// A door that handlers wait before until the test opens it.
///
/// A cancelled waiter goes through, too.
final class Door: Sendable {
    private struct State {
        var isOpen = false
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var last = 0
    }

    private let state = Mutex(State())

    func open() {
        let waiters = self.state.withLock { state in
            state.isOpen = true
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Waits; throws when cancelled.
    func pass() async throws {
        await self.pass(deaf: false)
        try Task.checkCancellation()
    }

    /// Waits, whether cancelled or not when `deaf`.
    func pass(deaf: Bool) async {
        let number = self.state.withLock { state in
            state.last += 1
            return state.last
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mayGo = self.state.withLock { state in
                    if state.isOpen || (!deaf && Task.isCancelled) { return true }
                    state.waiters[number] = continuation
                    return false
                }
                if mayGo { continuation.resume() }
            }
        } onCancel: {
            guard !deaf else { return }
            self.state.withLock { $0.waiters.removeValue(forKey: number) }?.resume()
        }
    }
}
