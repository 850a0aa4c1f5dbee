import ArgumentParser
import Foundation
import JobQueue
import Logging
import Postgres
import Runtime
import ServiceLifecycle
import UnixSignals

/// `bench drainer`: a process that does nothing but jobs that do nothing; the other benchmarks start it.
struct DrainerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drainer", abstract: "A process that takes the benchmark's jobs; the other benchmarks start it.", shouldDisplay: false)

    @Option var kindMode = KindMode.single.rawValue
    @Option var concurrency = 16
    @Option var batchSize = 100
    /// Says `started <job> <nanoseconds>` for each.
    @Flag var tells = false
    /// Says `waited <count> <p50> <p99>` every second; a job's number is when it was enqueued.
    @Flag var samples = false

    func run() async throws {
        let environment = Environment.current
        let logger = try LogSettings(environment: environment, onTerminal: false, fallback: .warning).bootstrap(label: "drainer")
        var configuration = try environment.database(name: "kakehashi bench drainer", poolSize: 4)
        configuration.sessionSettings = JobProcessor.handlerSettings
        var settings = JobProcessorSettings()
        settings.concurrency = self.concurrency
        settings.notifications = configuration.preparedStatements
        var registry = JobRegistry()
        switch KindMode(rawValue: self.kindMode) ?? .single {
        case .single:
            var handler = NoOpHandler()
            if self.tells {
                handler.started = { job, at in try? FileHandle.standardOutput.write(contentsOf: Data("started \(job) \(at)\n".utf8)) }
            }
            let waits = WaitSamples()
            if self.samples {
                handler.sampled = { number in waits.add(Double(Int64(MachineClock.nanoseconds) - Int64(number)) / 1_000_000) }
                Task { await waits.say() }
            }
            try registry.register(handler)
        case .batch: try registry.register(NoOpBatchHandler(batchSize: self.batchSize))
        }
        let pool = PostgresPool(configuration: configuration, logger: logger)
        let processor = try JobProcessor(pool: pool, registry: registry, settings: settings, logger: logger)
        try await ServiceGroup(services: [pool, processor], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger).run()
    }
}
