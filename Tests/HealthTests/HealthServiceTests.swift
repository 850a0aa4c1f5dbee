import AsyncHTTPClient
import CoreMetrics
import Health
import Logging
import NIOCore
import NIOHTTP1
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct HealthServiceTests {
    @Test func `a process lives whether or not it may take work, and says why not`() async throws {
        let why = Mutex<String?>("it waits for its database")
        let board = MetricsBoard()
        Counter(label: "jobs_claimed_total", dimensions: [], factory: board).increment(by: 7)
        let (ports, report) = AsyncStream<Int>.makeStream()
        let service = HealthService(
            port: 0, host: "127.0.0.1", board: board, logger: Logger(label: "test"), whyNotReady: { why.withLock { $0 } },
            onListening: { report.yield($0) })
        let task = Task { try await service.run() }
        defer { task.cancel() }
        let port = try #require(await ports.first { _ in true })
        func get(_ path: String) async throws -> (status: UInt, body: String) {
            let answer = try await HTTPClient.shared.execute(HTTPClientRequest(url: "http://127.0.0.1:\(port)/\(path)"), timeout: .seconds(20))
            return (answer.status.code, String(buffer: try await answer.body.collect(upTo: 1 << 20)))
        }
        #expect(try await get("healthz") == (200, "ok\n"))
        #expect(try await get("readyz") == (503, "it waits for its database\n"))
        why.withLock { $0 = nil }
        #expect(try await get("readyz") == (200, "ready\n"))
        #expect(try await get("metrics").body.contains("\njobs_claimed_total 7\n"))
        #expect(try await get("elsewhere").status == 404)
    }
}
