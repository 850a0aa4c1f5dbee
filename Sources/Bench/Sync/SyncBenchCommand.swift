import ArgumentParser
import Foundation
import Logging
import Runtime

/// `bench sync`: a full load, end to end, by the real programs.
struct SyncBenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync", abstract: "Measure a full load: simulator, scheduler and workers as processes of their own.",
        discussion: """
            Needs DATABASE_URL, best of a database of its own: its schema is brought up to date, and what was loaded stays in it. Each run makes a tenant \
            of its own and pauses it at the end.
            """)

    @Option(help: "Leads to load. (default: 100000)")
    var leads: String?

    @Option(help: "Whose limits are kept: off, or marketo (100 calls in 20 s, 10 at once). (default: off)")
    var limits: String?

    @Option(help: "Worker processes. (default: 2)")
    var processes: String?

    func run() async throws {
        let environment = Environment.current
        let bench = SyncBench(
            leads: try Setting<Int>.number("leads", in: 1...5_000_000, fallback: 100_000).value(flag: self.leads, environment: environment),
            limits: try Setting<SyncBench.Limits>.choice("limits", fallback: .off).value(flag: self.limits, environment: environment),
            processes: try Setting<Int>.number("processes", in: 1...64, fallback: 2).value(flag: self.processes, environment: environment),
            environment: environment)
        _ = try LogSettings(environment: environment, onTerminal: true, fallback: .warning).bootstrap(label: "bench")
        let result = try await UntilStopped.run { try await bench.run() }
        for measure in result.measures { try measure.print() }
    }
}
