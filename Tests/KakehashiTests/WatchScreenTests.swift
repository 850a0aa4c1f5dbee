import Foundation
import Testing

@testable import Kakehashi
@testable import Store

@Suite struct WatchScreenTests {
    private static let terminal = Terminal(isTerminal: true, width: 120, hasColours: false)
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)

    private static func screen(_ depths: [QueueDepthQuery.Row]) throws -> WatchScreen {
        let tenant = TenantStatus.given(settled: false)
        return WatchScreen(
            facts: StatusFacts(tenants: [tenant], workers: []), depths: depths,
            zones: [tenant.name: try #require(TimeZone(identifier: "Asia/Tokyo"))])
    }

    @Test func `the screen shows tenants, the day's calls with the reset by the tenant's clock, the queue and the workers`() throws {
        let depth = QueueDepthQuery.Row(
            tenant: "acme", kind: "push-phase", ready: 1_234, scheduled: 5, running: 2, retrying: 1, dead: 0, oldestSeconds: 90)
        let text = try Self.screen([depth]).lines(terminal: Self.terminal, now: Self.now, rows: nil).joined(separator: "\n")
        for part in ["TENANT", "CALLS TODAY", "(Asia/Tokyo)", "QUEUE", "push-phase", "1,234", "1:30", "No worker is running"] {
            #expect(text.contains(part), "\(part) in \(text)")
        }
        #expect(try Self.screen([]).lines(terminal: Self.terminal, now: Self.now, rows: nil).last == "The queue is empty.")
    }

    @Test func `a small terminal gets no more lines than it has, and none too wide`() throws {
        let depths = (0..<20).map {
            QueueDepthQuery.Row(tenant: "acme", kind: "kind-\($0)", ready: 1, scheduled: 0, running: 0, retrying: 0, dead: 0, oldestSeconds: nil)
        }
        let lines = try Self.screen(depths).lines(terminal: Self.terminal, now: Self.now, rows: 12)
        #expect(lines.count == 11 && lines.allSatisfy { $0.count <= 120 })
    }
}
