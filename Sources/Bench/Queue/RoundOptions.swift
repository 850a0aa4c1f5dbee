import ArgumentParser
import Runtime

/// How often a benchmark and its reference run in turn.
struct RoundOptions: ParsableArguments {
    @Option(help: "How often, in turn with the reference; medians count. (default: 3)")
    var rounds: String?
    @Option(help: "The folder with the reference's statements.")
    var scripts = "Benchmarks"

    /// The number of rounds.
    func count(_ environment: Environment) throws(Complaint) -> Int {
        try Setting<Int>.number("rounds", in: 1...100, fallback: 3).value(flag: self.rounds, environment: environment)
    }
}
