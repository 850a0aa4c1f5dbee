package import Logging
package import Postgres
import ServiceLifecycle

/// Keeps the queue's tables in shape: days of the history made ahead and dropped whole, old ticks, workers and gates struck off.
///
/// - Shape: small bites under a short lock time-out; after a time-out it pauses longer each time instead of queueing before the jobs. Run as many as you like; one leads.
package struct JobUpkeep: Service {
    private let pool: PostgresPool
    private let leadership: Leadership
    private let retention: Duration
    private let period: Duration
    private let logger: Logger

    /// - Parameters:
    ///   - retention: how long what ended well is kept; whole days are dropped, so up to a day longer.
    ///   - period: between two rounds.
    package init(pool: PostgresPool, retention: Duration = .seconds(7 * 86_400), period: Duration = .seconds(60), logger: Logger) {
        self.pool = pool
        self.leadership = Leadership(pool: pool, name: "upkeep", lease: period * 3)
        self.retention = retention
        self.period = period
        self.logger = logger
    }

    /// Keeps house until graceful shutdown.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var failures = 0
            while !Task.isCancelled {
                do {
                    if try await self.leadership.hold() { try await self.round() }
                    failures = 0
                } catch {
                    if Task.isCancelled { return }
                    failures += 1
                    self.logger.warning("Upkeep of the queue failed; again later", metadata: ["error": "\(JobFailure.text(for: error))"])
                }
                let wait = min(self.period * (1 << min(failures, 6)), .seconds(3_600))
                try? await Task.sleep(for: wait * Double.random(in: 0.9...1.1))
            }
        }
        await Task { await self.leadership.resign() }.value
    }

    /// Does all that is to do now.
    package func round() async throws {
        let polite = PostgresTransactionOptions(statementTimeout: .seconds(10), lockTimeout: .seconds(1))
        // A day at a time, each in its own transaction: no lock is held for longer than one table's worth of catalogue.
        for daysAhead in 0...3 {
            let isNew = try await self.pool.transaction(polite) { tx in try await tx.first(HistoryDayMake(daysAhead: daysAhead)) ?? false }
            if isNew { self.logger.debug("A day of the history was made", metadata: ["days.ahead": "\(daysAhead)"]) }
        }
        while let dropped = try await self.pool.transaction(polite, { tx in try await tx.first(HistoryDrop(keep: self.retention)) ?? nil }) {
            self.logger.info("A day of the history was dropped", metadata: ["partition": "\(dropped)"])
        }
        try await self.prune(polite) { HistoryPrune(keep: self.retention, bite: $0) }
        try await self.prune(polite) { TicksPrune(keep: max(self.retention, .seconds(86_400)), bite: $0) }
        try await self.prune(polite) { GatesPrune(bite: $0) }
        try await self.pool.transaction(polite) { tx in _ = try await tx.execute(WorkersPrune(unseen: .seconds(600))) }
    }

    private func prune<S: PostgresStatement>(_ options: PostgresTransactionOptions, _ statement: (Int) -> S) async throws {
        let bite = 1_000
        while true {
            let next = statement(bite)
            guard try await self.pool.transaction(options, { tx in try await tx.execute(next) }) >= bite else { return }
        }
    }
}
