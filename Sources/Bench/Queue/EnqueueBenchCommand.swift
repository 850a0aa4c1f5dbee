import ArgumentParser
import Runtime

/// `bench enqueue`: how fast jobs come in.
struct EnqueueBenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enqueue", abstract: "Measure how fast one client enqueues jobs, each with a key of its own unless told otherwise.",
        discussion: """
            Needs DATABASE_URL, of a database of its own: the queue in it is emptied. pgbench inserts bare rows in turn with it; the ratio is to that.
            """)

    @Option(help: "Jobs to enqueue. (default: 20000)")
    var jobs: String?
    @Option(help: "single (a transaction each) or bulk (1000 a transaction). (default: bulk)")
    var mode: String?
    @Flag(help: "Without keys.")
    var keyless = false
    @OptionGroup var rounds: RoundOptions

    func run() async throws {
        let environment = Environment.current
        var bench = EnqueueBench()
        bench.jobs = try WholeNumbers(environment: environment)("jobs", self.jobs, 1...10_000_000, 20_000)
        bench.mode = try Setting<EnqueueBench.Mode>.choice("mode", fallback: .bulk).value(flag: self.mode, environment: environment)
        bench.keyed = !self.keyless
        let rounds = try self.rounds.count(environment)
        let chosen = bench
        let measure = try await BenchDatabase.lend(environment: environment) { database in
            let measures = QueueMeasures(database: database, scripts: self.rounds.scripts, rounds: rounds)
            return try await measures.measure(
                "enqueue", [("mode", .name(chosen.mode.rawValue)), ("keyed", .name("\(chosen.keyed)"))], try await measures.enqueue(chosen))
        }
        try measure.print()
    }
}
