import Postgres
import Synchronization

/// A claim beside the one that the claiming loop waits for: while there is more work than one claim brings, the server takes the next jobs while
/// those of the last are taken in.
final class SecondClaim: Sendable {
    private struct State {
        var task: Task<Void, Never>?
        var hasFailed = false
    }

    private let state = Mutex(State())

    /// Whether none is on its way.
    var isIdle: Bool { self.state.withLock { $0.task == nil } }

    /// Starts one.
    func start(_ claim: @escaping @Sendable () async throws(PostgresError) -> Int) {
        self.state.withLock { state in
            state.task = Task {
                var hasFailed = false
                do throws(PostgresError) { _ = try await claim() } catch { hasFailed = true }
                self.ended(hasFailed: hasFailed)
            }
        }
    }

    /// Waits until none is on its way.
    func finish() async { await self.state.withLock { $0.task }?.value }

    /// Whether one has failed since this was asked last: nobody knows what it took.
    func hasFailed() -> Bool {
        self.state.withLock { state in
            defer { state.hasFailed = false }
            return state.hasFailed
        }
    }

    private func ended(hasFailed: Bool) {
        self.state.withLock { state in
            state.task = nil
            if hasFailed { state.hasFailed = true }
        }
    }
}
