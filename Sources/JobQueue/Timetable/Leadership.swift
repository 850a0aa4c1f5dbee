import FoundationEssentials
package import Postgres
import Synchronization

/// Whether this process leads at something.
///
/// Leading only saves work: whatever a leader does must be safe when two do it.
///
/// The lead is a lease in the database, by the database's clock, under a random id, renewed only by the term it was given.
package final class Leadership: Sendable {
    private struct State {
        var term: Int64 = 0
        var until: ContinuousClock.Instant?
    }

    private let pool: PostgresPool
    private let name: String
    private let lease: Duration
    private let holder = UUID()
    private let state = Mutex(State())

    /// A candidate for `name`.
    package init(pool: PostgresPool, name: String, lease: Duration = .seconds(30)) {
        self.pool = pool
        self.name = name
        self.lease = lease
    }

    /// Whether it led when it last asked, and may still.
    ///
    /// Counted from before the asking.
    package var leads: Bool { self.state.withLock { state in state.until.map { .now < $0 } ?? false } }

    /// Takes or renews the lead; whether it leads now.
    @discardableResult
    package func hold() async throws(PostgresError) -> Bool {
        let sent = ContinuousClock.now
        let term = try await self.pool.first(
            LeaderHold(name: self.name, holder: self.holder, term: self.state.withLock { $0.term }, lease: self.lease))
        self.state.withLock { state in
            state.term = term ?? 0
            state.until = term.map { _ in sent + self.lease }
        }
        return term != nil
    }

    /// Gives the lead up, so that another need not wait.
    package func resign() async {
        let term = self.state.withLock { state in
            defer { state = State() }
            return state.term
        }
        guard term > 0 else { return }
        _ = try? await self.pool.execute(LeaderResign(name: self.name, holder: self.holder, term: term))
    }
}
