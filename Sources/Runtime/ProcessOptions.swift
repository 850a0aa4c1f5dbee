package import ArgumentParser

/// The flags that every long-running process takes.
package struct ProcessOptions: ParsableArguments {
    /// As typed; read it with ``drain(environment:)``.
    @Option(name: .customLong("drain-seconds"), help: "How long a stop may take; what still runs then is handed back. (default: 25)")
    package var drainSeconds: String?

    package init() {}

    /// How long after SIGTERM or SIGINT the process may go on with what it has in hand.
    package func drain(environment: Environment) throws(Complaint) -> Duration {
        .seconds(try Self.drainSetting.value(flag: self.drainSeconds, environment: environment))
    }

    private static let drainSetting = Setting<Int>.number("drain-seconds", in: 0...3600, fallback: 25)
}
