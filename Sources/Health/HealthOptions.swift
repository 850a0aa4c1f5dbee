package import ArgumentParser
package import Runtime

/// Where a process tells how it is.
package struct HealthOptions: ParsableArguments {
    /// As typed; read it with ``port(fallback:environment:)``.
    @Option(
        name: .customLong("health-port"),
        help: "The port for /healthz, /readyz and /metrics; 0 turns them off. (default: worker 9101, scheduler 9102)")
    package var healthPort: String?

    package init() {}

    /// The port; `nil` when nothing is to be served.
    package func port(fallback: Int, environment: Environment) throws(Complaint) -> Int? {
        let port = try Setting<Int>.number("health-port", in: 0...65_535, fallback: fallback).value(flag: self.healthPort, environment: environment)
        return port == 0 ? nil : port
    }
}
