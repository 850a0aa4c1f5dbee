import ArgumentParser
import Foundation
import Logging
import Migrations
import Postgres
import Runtime
import ServiceLifecycle

/// `scheduler`: starts the hourly sweeps and does the upkeep.
///
/// Run two or more; one leads.
struct SchedulerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scheduler", abstract: "Starts the hourly sweeps and does the upkeep; run two or more, one leads.")

    @OptionGroup var process: ProcessOptions

    func run() async throws {
        let environment = Environment.current
        let drain = try self.process.drain(environment: environment)
        let logger = try LogSettings(environment: environment, onTerminal: isatty(STDERR_FILENO) == 1).bootstrap(label: "scheduler")
        let pool = PostgresPool(configuration: try environment.database(name: "kakehashi scheduler", poolSize: 4), logger: logger)
        let readiness = DatabaseReadiness(migrator: Migrator(pool: pool, migrations: Migrations.all), logger: logger)
        let services = SchedulerServices(pool: pool, logger: logger).all
        try await LongRunning(pool: pool, readiness: readiness, services: services, drain: drain, logger: logger).run()
    }
}
