import ArgumentParser
import Foundation
import Health
import Logging
import Metrics
import Migrations
import Postgres
import Runtime
import ServiceLifecycle
import Traces

/// `scheduler`: starts the hourly sweeps and does the upkeep.
///
/// Run two or more; one leads.
struct SchedulerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scheduler", abstract: "Starts the hourly sweeps and does the upkeep; run two or more, one leads.")

    @OptionGroup var process: ProcessOptions
    @OptionGroup var health: HealthOptions
    @OptionGroup var traces: TraceOptions

    func run() async throws {
        let environment = Environment.current
        let drain = try self.process.drain(environment: environment)
        let port = try self.health.port(fallback: 9102, environment: environment)
        let logger = try LogSettings(environment: environment, onTerminal: isatty(STDERR_FILENO) == 1).bootstrap(label: "scheduler")
        let pool = PostgresPool(configuration: try environment.database(name: "kakehashi scheduler", poolSize: 4), logger: logger)
        let board = MetricsBoard()
        MetricsSystem.bootstrap(board)
        let exporter = try self.traces.bootstrap(service: "scheduler", environment: environment, logger: logger)
        let readiness = DatabaseReadiness(migrator: Migrator(pool: pool, migrations: Migrations.all), logger: logger)
        let services = SchedulerServices(pool: pool, logger: logger).all + [FleetGauges(pool: pool, logger: logger)]
        let limit = DrainLimit(drain, logger: logger)
        let gauges = PoolGauges(pool)
        let health = port.map { port in
            HealthService(
                port: port, board: board, logger: logger,
                whyNotReady: {
                    if limit.hasBegun { return "it drains" }
                    do throws(Complaint) { try await readiness.require() } catch { return error.sentence }
                    return nil
                }, sample: { gauges.sample() })
        }
        try await LongRunning(
            pool: pool, readiness: readiness, services: services, always: ([health, exporter] as [(any Service)?]).compactMap(\.self), limit: limit,
            logger: logger
        ).run()
    }
}
