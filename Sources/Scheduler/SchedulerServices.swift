import JobQueue
package import Logging
package import Postgres
package import ServiceLifecycle

/// What a scheduler does, each by itself: rings the hour, keeps the queue's tables in order, forgets what is old.
package struct SchedulerServices: Sendable {
    private let pool: PostgresPool
    private let logger: Logger

    /// Over this database.
    package init(pool: PostgresPool, logger: Logger) {
        self.pool = pool
        self.logger = logger
    }

    /// The services; they may run in any number of processes at once.
    package var all: [any Service] {
        let table = SweepTable(pool: self.pool, logger: self.logger)
        return [
            Timetable(pool: self.pool, logger: self.logger) { try await table.entries() },
            JobUpkeep(pool: self.pool, logger: self.logger),
            SyncUpkeep(pool: self.pool, logger: self.logger),
        ]
    }
}
