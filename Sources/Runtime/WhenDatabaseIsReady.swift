package import Logging
package import ServiceLifecycle

/// Holds services back until the database is ready for them; told to stop while it still waits, it just stops.
package struct WhenDatabaseIsReady: Service {
    private let readiness: DatabaseReadiness
    private let services: [any Service]
    private let logger: Logger

    /// Runs `services` once `readiness` says so; they stop in reverse order.
    package init(_ readiness: DatabaseReadiness, services: [any Service], logger: Logger) {
        self.readiness = readiness
        self.services = services
        self.logger = logger
    }

    package func run() async throws {
        let readiness = self.readiness
        do {
            try await cancelWhenGracefulShutdown { try await readiness.wait() }
        } catch is CancellationError {
            return
        }
        try await ServiceGroup(configuration: .init(services: self.services.map { .init(service: $0) }, logger: self.logger)).run()
    }
}
