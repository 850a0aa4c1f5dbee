package import Logging
package import Postgres
package import ServiceLifecycle
import UnixSignals

/// A process that stays: waits for its database, runs its services, and drains when it is told to stop.
///
/// SIGTERM and SIGINT: the services are asked to stop taking work and to finish or hand back what runs. A fifth of the drain time before its
/// end they are cancelled, and at the end the process leaves whatever happens; the leases see to what it leaves behind.
package struct LongRunning: Sendable {
    private let pool: PostgresPool
    private let readiness: DatabaseReadiness
    private let services: [any Service]
    private let always: [any Service]
    private let limit: DrainLimit
    private let logger: Logger

    /// `services` start once the database is ready, and stop in reverse order; the pool outlives them.
    ///
    /// - Parameters:
    ///   - always: runs from the start to the end, whether or not the database is there.
    ///   - limit: tells others that the stop has begun.
    package init(
        pool: PostgresPool, readiness: DatabaseReadiness, services: [any Service], always: [any Service] = [], limit: DrainLimit, logger: Logger
    ) {
        self.pool = pool
        self.readiness = readiness
        self.services = services
        self.always = always
        self.limit = limit
        self.logger = logger
    }

    /// Runs until it is told to stop, or until a service fails.
    ///
    /// - Returns: normally, after a stop that was asked for.
    /// - Throws: what ended it otherwise.
    package func run() async throws {
        let limit = self.limit
        let body = WhenDatabaseIsReady(self.readiness, services: self.services, logger: self.logger)
        var configuration = ServiceGroupConfiguration(
            services: self.always.map { .init(service: $0) } + [.init(service: self.pool), .init(service: body), .init(service: limit)],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: self.logger)
        configuration.maximumGracefulShutdownDuration = limit.limit * 0.8
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch  where limit.hasBegun {
            // Services that had to be cancelled end with an error: that is still the stop that was asked for.
            self.logger.warning("Stopped before everything had finished", metadata: ["drain.seconds": "\(limit.limit.components.seconds)"])
        }
    }
}
