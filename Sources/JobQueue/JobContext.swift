package import FoundationEssentials
package import Logging
package import Postgres

/// What a handler may use while it runs a job.
package struct JobContext: Sendable {
    /// Says which job and kind, besides what the processor's own logger says.
    package let logger: Logger
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
        self.logger = logger
        self.pool = pool
        self.now = now
        self.worker = worker
    }

    /// Whether this run is to stop: its time is up, its lease is gone, somebody called it off, or the process is leaving.
    package var isCancelled: Bool { Task.isCancelled }
}
