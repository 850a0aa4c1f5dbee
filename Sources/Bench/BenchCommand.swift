import ArgumentParser

/// The benchmarks; each prints one JSON line for each measure (CONTRACT 7).
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measures on this machine; one JSON line for each measure. Use a release build.",
        subcommands: [
            EnqueueBenchCommand.self, DrainBenchCommand.self, LatencyBenchCommand.self, SyncBenchCommand.self, SoakBenchCommand.self,
            AllBenchCommand.self, DrainerCommand.self,
        ])
}
