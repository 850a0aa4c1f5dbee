import ArgumentParser
import Postgres
import Runtime

/// `bench soak`: a steady stream of jobs for a long time.
struct SoakBenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "soak", abstract: "Keep a steady stream of jobs going and say each minute what has grown.",
        discussion: "Needs DATABASE_URL, of a database of its own: the queue in it is emptied.")

    @Option(help: "For so long. (default: 30)")
    var minutes: String?
    @Option(help: "Jobs a second. (default: 2000)")
    var perSecond: String?

    func run() async throws {
        let environment = Environment.current
        let number = WholeNumbers(environment: environment)
        let bench = SoakBench(
            minutes: try number("minutes", self.minutes, 1...1_440, 30), perSecond: try number("per-second", self.perSecond, 1...50_000, 2_000))
        try await BenchDatabase.lend(environment: environment) { database in
            let version = try await database.pool.first(ServerVersion()) ?? "unknown"
            _ = try await bench.run(database) { minute, seen in
                try? Measure(
                    "soak",
                    [
                        ("minute", .count(minute)), ("jobs", .count(seen.started)), ("seconds", .decimal(60)),
                        ("per_second", .decimal(Double(seen.started) / 60)), ("queue_bytes", .count(seen.queueBytes)),
                        ("memory_bytes", .count(seen.memory)), ("p50_ms", .decimal(seen.p50)), ("p99_ms", .decimal(seen.p99)),
                    ], postgresVersion: version
                ).print()
            }
        }
    }
}
