import ArgumentParser
import Runtime

/// `bench latency`: how soon an idle process begins.
struct LatencyBenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "latency", abstract: "Measure the time from the commit of a job to the start of its handler, in an idle process.",
        discussion: "Needs DATABASE_URL, of a database of its own: the queue in it is emptied.")

    @Option(help: "Jobs, one after the other. (default: 300)")
    var jobs: String?
    @Option(help: "Between two of them. (default: 50)")
    var intervalMs: String?
    @Flag(help: "As behind a transaction-pooling proxy: nobody is told, all is found by polling.")
    var polling = false

    func run() async throws {
        let environment = Environment.current
        let number = WholeNumbers(environment: environment)
        var bench = LatencyBench()
        bench.jobs = try number("jobs", self.jobs, 1...1_000_000, 300)
        bench.interval = .milliseconds(try number("interval-ms", self.intervalMs, 1...60_000, 50))
        bench.polls = self.polling
        let chosen = bench
        let measure = try await BenchDatabase.lend(environment: environment) { database in
            let measures = QueueMeasures(database: database, scripts: "", rounds: 1)
            let waits = try await measures.latency(chosen)
            let seconds = waits.sorted.reduce(0, +) / 1_000
            return Measure(
                "latency",
                [
                    ("jobs", .count(chosen.jobs)), ("seconds", .decimal(seconds)), ("per_second", .decimal(Double(chosen.jobs) / seconds)),
                    ("polling", .name("\(chosen.polls)")), ("p50_ms", .decimal(waits.share(0.5))), ("p95_ms", .decimal(waits.share(0.95))),
                    ("p99_ms", .decimal(waits.share(0.99))), ("max_ms", .decimal(waits.share(1))),
                ], postgresVersion: try await measures.version)
        }
        try measure.print()
    }
}
