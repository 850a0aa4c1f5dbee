import AsyncHTTPClient
import Foundation
package import Logging
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import ServiceLifecycle
import Synchronization

/// Tells a collector the steps of traces, in the background; while it is away they are dropped, and nothing else suffers.
///
/// - Shape: every second, or as 500 have gathered; at most 5,000 wait.
package final class SpanExporter: Service {
    private static let most = 5_000
    private static let bite = 500

    private let endpoint: String
    private let service: String
    private let logger: Logger
    private let waiting = Mutex<[FinishedSpan]>([])
    /// What was said last of the collector.
    private let isAway = Mutex(false)

    /// - Parameter endpoint: of an OTLP collector, such as `http://collector:4318`, without a path.
    package init(endpoint: String, service: String, logger: Logger) {
        self.endpoint = endpoint
        self.service = service
        self.logger = logger
    }

    /// Takes one; dropped when too many wait.
    package func take(_ span: FinishedSpan) {
        self.waiting.withLock { if $0.count < Self.most { $0.append(span) } }
    }

    /// Tells them until graceful shutdown, and then the rest.
    package func run() async throws {
        let client = HTTPClient(eventLoopGroupProvider: .singleton)
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(1))
                await self.tell(by: client)
            }
        }
        await self.tell(by: client)
        try await client.shutdown()
    }

    private func tell(by client: HTTPClient) async {
        while true {
            let spans = self.waiting.withLock { waiting in
                let bite = Array(waiting.prefix(Self.bite))
                waiting.removeFirst(bite.count)
                return bite
            }
            guard !spans.isEmpty else { return }
            do {
                try await self.send(spans, by: client)
                if self.note(away: false) { self.logger.info("Traces are told again") }
            } catch {
                if self.note(away: true) {
                    self.logger.warning("The collector of traces does not take them; they are dropped", metadata: ["error": "\(error)"])
                }
                return
            }
        }
    }

    /// Whether that is news: it is said once.
    private func note(away: Bool) -> Bool {
        self.isAway.withLock { isAway in
            defer { isAway = away }
            return isAway != away
        }
    }

    private func send(_ spans: [FinishedSpan], by client: HTTPClient) async throws {
        var request = HTTPClientRequest(url: self.endpoint + "/v1/traces")
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(ByteBuffer(data: try SpanPage(service: self.service, spans: spans).body()))
        let answer = try await client.execute(request, timeout: .seconds(3))
        guard (200...299).contains(answer.status.code) else { throw CollectorRefuses(status: answer.status.code) }
        _ = try? await answer.body.collect(upTo: 65_536)
    }
}

/// The collector answered, but not with "taken".
struct CollectorRefuses: Error, CustomStringConvertible {
    let status: UInt
    var description: String { "it answered HTTP \(self.status)" }
}
