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
        let bench = SoakBench(
            minutes: try Setting<Int>.number("minutes", in: 1...1_440, fallback: 30).value(flag: self.minutes, environment: environment),
            perSecond: try Setting<Int>.number("per-second", in: 1...50_000, fallback: 2_000).value(flag: self.perSecond, environment: environment))
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
