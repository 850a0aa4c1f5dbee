import Foundation
import Logging
import Migrations
import Postgres
import Runtime

/// The database of the benchmarks: one that nobody else uses, as they empty the queue in it.
struct BenchDatabase: Sendable {
    let pool: PostgresPool
    let environment: Environment
    let logger: Logger

    /// Lends it, brought up to date.
    ///
    /// - Ends: `Complaint` when it holds tenants, or jobs that are not the benchmark's; and when the command is told to stop.
    static func lend<Value: Sendable>(
        environment: Environment, poolSize: Int = 4, _ body: @escaping @Sendable (BenchDatabase) async throws -> Value
    ) async throws -> Value {
        let logger = try LogSettings(environment: environment, onTerminal: true, fallback: .warning).bootstrap(label: "bench")
        var configuration = try environment.database(name: "kakehashi bench", poolSize: poolSize)
        // A million rows are put in by one statement.
        configuration.statementTimeout = .seconds(600)
        configuration.deadline = .seconds(630)
        let pool = PostgresPool(configuration: configuration, logger: logger)
        do {
            try await Migrations.migrator(pool: pool).migrate()
            let database = BenchDatabase(pool: pool, environment: environment, logger: logger)
            if let what = try await pool.first(ForeignWork()) {
                throw Complaint(
                    "The database \(configuration.place) holds \(what); this benchmark empties the queue, so give it a database of its own.",
                    ending: .usage)
            }
            let value = try await UntilStopped.run { try await body(database) }
            await pool.shutdown()
            return value
        } catch {
            await pool.shutdown()
            throw (error as? PostgresError).map { Complaint($0) } ?? error
        }
    }

    /// As on the first day: nothing waits, nothing ended.
    func empty() async throws {
        try await self.pool.run(script: "TRUNCATE jobs.job, jobs.history, jobs.dead, jobs.gate, jobs.counted_depth")
    }

    /// What is in it has been looked at and cleared, and is on disk.
    func settle() async throws {
        try await self.pool.run(script: "VACUUM (ANALYZE) jobs.job")
        try await self.pool.run(script: "VACUUM (ANALYZE) jobs.history")
        // Only a superuser may; without, a checkpoint comes when it comes.
        try? await self.pool.run(script: "CHECKPOINT")
    }
}
