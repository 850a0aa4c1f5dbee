import ArgumentParser
package import Logging
package import Runtime
import Tracing

/// Whether and where to a process tells its traces.
package struct TraceOptions: ParsableArguments {
    @Option(name: .customLong("traces-endpoint"), help: "An OTLP collector that is told traces, such as http://collector:4318. (default: none)")
    var endpoint: String?

    @Option(name: .customLong("traces-percent"), help: "How many of 100 traces are recorded. (default: 100)")
    var percent: String?

    package init() {}

    /// Begins to trace: what runs the telling, or nil where nobody is told.
    ///
    /// - Throws: `Complaint` naming the flag or variable.
    package func bootstrap(service: String, environment: Environment, logger: Logger) throws(Complaint) -> SpanExporter? {
        let percent = try Setting<Int>.number("traces-percent", in: 0...100, fallback: 100).value(flag: self.percent, environment: environment)
        let given = self.endpoint ?? environment["KAKEHASHI_TRACES_ENDPOINT"]
        guard let given else { return nil }
        guard let endpoint = Self.base(given) else {
            throw Complaint(
                "--traces-endpoint (KAKEHASHI_TRACES_ENDPOINT) is not an address: \(given.count) characters; allowed is http:// or https://, a host and a port.",
                ending: .usage)
        }
        let exporter = SpanExporter(endpoint: endpoint, service: service, logger: logger)
        InstrumentationSystem.bootstrap(SpanTracer(share: Double(percent) / 100) { exporter.take($0) })
        return exporter
    }

    /// Without a path and a slash at the end.
    private static func base(_ text: String) -> String? {
        var text = text
        while text.hasSuffix("/") { text.removeLast() }
        guard let scheme = ["http://", "https://"].first(where: { text.hasPrefix($0) }) else { return nil }
        let host = text.dropFirst(scheme.count)
        return host.isEmpty || host.contains(where: { $0.isWhitespace || $0 == "/" || $0 == "@" }) ? nil : text
    }
}
