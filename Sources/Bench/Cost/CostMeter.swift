import Postgres

/// Reads the counters before and after.
struct CostMeter: Sendable {
    private let before: ServerCounters.Row
    private let serverBefore: Double?

    /// From now on.
    init(_ pool: PostgresPool) async throws {
        self.before = try await Self.read(pool)
        self.serverBefore = ProcessClock.seconds(ofServerWith: Int32(clamping: self.before.backend))
    }

    /// Up to now; `client` is what our processes spent, in seconds.
    func cost(_ pool: PostgresPool, client: Double) async throws -> Cost {
        let now = try await Self.read(pool)
        let server = ProcessClock.seconds(ofServerWith: Int32(clamping: now.backend))
        return Cost(
            server: server.flatMap { after in self.serverBefore.map { after - $0 } }, client: client, wal: now.wal - self.before.wal,
            commits: now.commits - self.before.commits)
    }

    private static func read(_ pool: PostgresPool) async throws -> ServerCounters.Row {
        guard let row = try await pool.first(ServerCounters()) else { throw PostgresErrorNoAnswer() }
        return row
    }

    /// The server gave no row where it always gives one.
    private struct PostgresErrorNoAnswer: Error {}
}
