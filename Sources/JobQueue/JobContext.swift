package import FoundationEssentials
package import Logging
package import Postgres

/// What a handler may use while it runs a job.
package struct JobContext: Sendable {
    private let base: Logger
    private let unit: JobUnit?
    /// For reading, and for transactions of the handler's own.
    ///
    /// What belongs to the job's end goes into the verdict's effects instead.
    package let pool: PostgresPool
    /// The database's time when the job was taken.
    package let now: Date
    /// This process.
    package let worker: UUID

    /// For tests of handlers; the engine makes its own.
    package init(logger: Logger, pool: PostgresPool, now: Date = Date(), worker: UUID = UUID()) {
        self.base = logger
        self.unit = nil
        self.pool = pool
        self.now = now
        self.worker = worker
    }

    init(unit: JobUnit, logger: Logger, pool: PostgresPool, now: Date, worker: UUID) {
        self.base = logger
        self.unit = unit
        self.pool = pool
        self.now = now
        self.worker = worker
    }

    /// Says which job and kind, besides what the processor's own logger says.
    ///
    /// Made when it is asked for: most runs have nothing to say.
    package var logger: Logger { self.unit.map { $0.logger(self.base) } ?? self.base }

    /// Whether this run is to stop: its time is up, its lease is gone, somebody called it off, or the process is leaving.
    package var isCancelled: Bool { Task.isCancelled }
}
