import ArgumentParser
import Foundation
import Health
import JobQueue
import Logging
import Metrics
import Migrations
import Postgres
import Runtime
import ServiceLifecycle
import Store
import Traces

/// `worker`: takes jobs and does them, until it is told to stop.
///
/// Run as many as you like, on as many machines as you like.
struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "Takes jobs and does them; run as many as you like, on as many machines as you like.")

    @Option(name: .customLong("concurrency"), help: "How many jobs, or batches of jobs, run at once. (default: 16)")
    var concurrency: String?

    @Option(
        name: .customLong("lease-seconds"), help: "How long a job stays with a worker that gives no sign of life; then others take it. (default: 30)")
    var leaseSeconds: String?

    @OptionGroup var process: ProcessOptions
    @OptionGroup var health: HealthOptions
    @OptionGroup var traces: TraceOptions

    func run() async throws {
        let environment = Environment.current
        let drain = try self.process.drain(environment: environment)
        let port = try self.health.port(fallback: 9101, environment: environment)
        var settings = JobProcessorSettings()
        settings.concurrency = try Setting<Int>.number("concurrency", in: 1...1_000, fallback: 16).value(
            flag: self.concurrency, environment: environment)
        settings.lease = .seconds(
            try Setting<Int>.number("lease-seconds", in: 3...3_600, fallback: 30).value(flag: self.leaseSeconds, environment: environment))
        // The engine's own drain ends before the process's, so that what is handed back is handed back in time.
        settings.drain = drain * 0.7
        let logger = try LogSettings(environment: environment, onTerminal: isatty(STDERR_FILENO) == 1).bootstrap(label: "worker")
        var configuration = try environment.database(name: "kakehashi worker", poolSize: min(settings.concurrency + 2, 24))
        configuration.sessionSettings = JobProcessor.handlerSettings
        settings.notifications = configuration.preparedStatements
        let cipher: CredentialCipher
        do {
            cipher = try CredentialCipher(environmentValue: environment[VariableName.masterKey])
        } catch {
            throw Complaint(error.description, ending: .usage)
        }
        let pool = PostgresPool(configuration: configuration, logger: logger)
        // Before anything is made that counts.
        let board = MetricsBoard()
        MetricsSystem.bootstrap(board)
        let exporter = try self.traces.bootstrap(service: "worker", environment: environment, logger: logger)
        let worker = try WorkerService(
            pool: pool, cipher: cipher, allowsLocalEndpoints: try environment.allowsLocalEndpoints(), settings: settings, logger: logger)
        let readiness = DatabaseReadiness(migrator: Migrator(pool: pool, migrations: Migrations.all), logger: logger)
        let limit = DrainLimit(drain, logger: logger)
        let gauges = PoolGauges(pool)
        let health = port.map { port in
            HealthService(
                port: port, board: board, logger: logger, whyNotReady: { limit.hasBegun ? "it drains" : worker.whyNotReady },
                sample: { gauges.sample() })
        }
        try await LongRunning(
            pool: pool, readiness: readiness, services: [worker], always: ([health, exporter] as [(any Service)?]).compactMap(\.self), limit: limit,
            logger: logger
        ).run()
    }
}
