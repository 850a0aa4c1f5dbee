import Hummingbird
package import Logging
import ServiceLifecycle

/// Serves `/healthz` (the process lives), `/readyz` (it may take work) and `/metrics` (CONTRACT 6).
///
/// Runs from the start of a process to its end, also while it waits for its database and while it drains. A port that is taken, as by a second worker on the
/// same machine, does not keep the process from its work: it says so, and serves nothing.
package struct HealthService: Service {
    private let port: Int
    private let host: String
    private let board: MetricsBoard
    private let whyNotReady: @Sendable () async -> String?
    private let sample: @Sendable () -> Void
    private let logger: Logger
    private let onListening: @Sendable (Int) -> Void

    /// - Parameters:
    ///   - whyNotReady: a short sentence; nil when the process may take work.
    ///   - sample: called before each answer of `/metrics`, for what has to be looked up.
    ///   - onListening: told of the port, which differs from `port` where that is 0.
    package init(
        port: Int, host: String = "0.0.0.0", board: MetricsBoard, logger: Logger, whyNotReady: @escaping @Sendable () async -> String?,
        sample: @escaping @Sendable () -> Void = {}, onListening: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.port = port
        self.host = host
        self.board = board
        self.logger = logger
        self.whyNotReady = whyNotReady
        self.sample = sample
        self.onListening = onListening
    }

    package func run() async throws {
        let router = Router()
        router.get("healthz") { _, _ in "ok\n" }
        router.get("readyz") { _, _ in
            let why = await self.whyNotReady()
            return Self.response(why.map { "\($0)\n" } ?? "ready\n", status: why == nil ? .ok : .serviceUnavailable)
        }
        router.get("metrics") { _, _ in
            self.sample()
            return Self.response(self.board.text, type: PrometheusText.contentType)
        }
        var quiet = self.logger
        quiet.logLevel = .error
        let application = Application(
            router: router, configuration: .init(address: .hostname(self.host, port: self.port), serverName: nil),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? self.port
                self.logger.info("Health and metrics are served", metadata: ["health.port": "\(port)"])
                self.onListening(port)
            }, logger: quiet)
        do {
            try await application.run()
        } catch {
            self.logger.warning("Health and metrics are not served", metadata: ["health.port": "\(self.port)", "error": "\(error)"])
            try? await gracefulShutdown()
        }
    }

    private static func response(_ text: String, status: HTTPResponse.Status = .ok, type: String = "text/plain; charset=utf-8") -> Response {
        Response(status: status, headers: [.contentType: type], body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
