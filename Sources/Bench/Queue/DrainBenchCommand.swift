import ArgumentParser
import Runtime

/// `bench drain`: jobs that do nothing, and what the queue itself costs.
struct DrainBenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain", abstract: "Measure how fast jobs that do nothing are claimed, run and ended.",
        discussion: """
            Needs DATABASE_URL, of a database of its own: the queue in it is emptied. pgbench runs bare statements in turn with it; the ratio is to that.
            """)

    @Option(help: "Jobs to drain. (default: 20000)")
    var jobs: String?
    @Option(help: "Processes that drain. (default: 1)")
    var processes: String?
    @Option(help: "How they are given jobs: single, or batch (100 at a time). (default: single)")
    var kindMode: String?
    @Option(help: "Further jobs that wait behind them. (default: 0)")
    var backlog: String?
    @Option(help: "Further jobs that wait behind a shut gate. (default: 0)")
    var parked: String?
    @Option(help: "Jobs that ended before. (default: 0)")
    var history: String?
    @Option(help: "Tenants whose jobs they are, in equal parts. (default: 1)")
    var tenants: String?
    @Option(help: "How many run at once in a process; of batches a hundredth. (default: 4000)")
    var concurrency: String?
    @Flag(help: "Give each job a key.")
    var keyed = false
    @Flag(help: "Let somebody's transaction stay open all the while.")
    var heldTransaction = false
    @OptionGroup var rounds: RoundOptions

    func run() async throws {
        let environment = Environment.current
        let number = WholeNumbers(environment: environment)
        var bench = DrainBench()
        bench.jobs = try number("jobs", self.jobs, 100...10_000_000, 20_000)
        bench.processes = try number("processes", self.processes, 1...64, 1)
        bench.mode = try Setting<KindMode>.choice("kind-mode", fallback: .single).value(flag: self.kindMode, environment: environment)
        bench.backlog = try number("backlog", self.backlog, 0...10_000_000, 0)
        bench.parked = try number("parked", self.parked, 0...10_000_000, 0)
        bench.history = try number("history", self.history, 0...10_000_000, 0)
        bench.tenants = try number("tenants", self.tenants, 1...100_000, 1)
        bench.concurrency = try number("concurrency", self.concurrency, 1...10_000, 4_000)
        bench.keyed = self.keyed
        bench.holdsTransaction = self.heldTransaction
        let rounds = try self.rounds.count(environment)
        let chosen = bench
        let measure = try await BenchDatabase.lend(environment: environment) { database in
            let measures = QueueMeasures(database: database, scripts: self.rounds.scripts, rounds: rounds)
            let figures = try await measures.drain(chosen)
            return try await measures.measure(
                "drain", [("kind_mode", .name(chosen.mode.rawValue)), ("processes", .count(chosen.processes))], figures,
                [
                    ("backlog", .count(chosen.backlog)), ("parked", .count(chosen.parked)), ("history", .count(chosen.history)),
                    ("tenants", .count(chosen.tenants)), ("keyed", .name("\(chosen.keyed)")),
                    ("held_transaction", .name("\(chosen.holdsTransaction)")), ("peak_memory_bytes", .count(figures.memory)),
                ])
        }
        try measure.print()
    }
}
