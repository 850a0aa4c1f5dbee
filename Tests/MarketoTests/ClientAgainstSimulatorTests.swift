import Foundation
import Simulator
import Sync
import Synchronization
import TestKit
import Testing

@testable import Marketo

/// The client against the other witness of the vendor's format, who shares no wire type with it.
@Suite(.timeLimit(.minutes(10))) struct ClientAgainstSimulatorTests {
    private func stand(
        leads: Int, _ change: @Sendable (inout SimulatorConfiguration) -> Void = { _ in },
        _ body: (MarketoClient, Simulator, CountingAdmission) async throws -> Void
    ) async throws {
        var configuration = SimulatorConfiguration(leads: leads)
        configuration.limits.callsPerWindow = nil
        change(&configuration)
        try await withSimulator(configuration) { simulator in
            try await Setup.transport { transport in
                let admission = CountingAdmission()
                let credentials = MarketoCredentials(
                    endpoint: try MarketoEndpoint(simulator.endpoint, allowLocal: true), clientID: simulator.clientID,
                    clientSecret: Secret(simulator.clientSecret))
                try await body(MarketoClient(credentials: credentials, transport: transport, admission: admission), simulator, admission)
            }
        }
    }

    private static func ids(_ numbers: some Sequence<Int64>) -> [LeadID] { numbers.map { LeadID(rawValue: $0) } }

    @Test func `a token that runs out is 602 and then 601 for the vendor, and one more call for us`() async throws {
        try await self.stand(leads: 20) { client, simulator, admission in
            _ = try await client.leads(ids: Self.ids(1...20))
            simulator.cutTokensShort()
            #expect(try await client.leads(ids: Self.ids(1...20)).leads.count == 20)
            #expect(admission.reports.compactMap(\.vendorCode) == ["602"])
            simulator.cutTokensShort(asInvalid: true)
            #expect(try await client.leads(ids: Self.ids(1...20)).leads.count == 20)
            #expect(admission.reports.compactMap(\.vendorCode) == ["602", "601"])
            #expect(simulator.evidence.identityCalls == 3)
        }
    }

    @Test func `matrix 3.5, a token with seconds left: a new process waits for its end, asks once more, and all its calls succeed`() async throws {
        try await self.stand(leads: 20) { client, simulator, _ in
            _ = try await client.leads(ids: Self.ids(1...20))
            // An hour less five seconds later another process begins; it is handed the same token. Its clock goes on meanwhile, on a busy machine for seconds.
            simulator.advance(seconds: 3_595.1)
            let clock = SimulatorsClock(simulator)
            let transport = MarketoTransport(concurrentCalls: 10, clock: clock)
            let admission = CountingAdmission()
            let credentials = MarketoCredentials(
                endpoint: try MarketoEndpoint(simulator.endpoint, allowLocal: true), clientID: simulator.clientID,
                clientSecret: Secret(simulator.clientSecret))
            let other = MarketoClient(credentials: credentials, transport: transport, admission: admission)
            let found = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<50 { group.addTask { try await other.leads(ids: Self.ids(1...20)).leads.count } }
                return try await group.reduce(0, +)
            }
            try await transport.shutdown()
            #expect(found == 50 * 20)
            #expect(simulator.evidence.identityCalls == 3)
            #expect(simulator.evidence.callsByCode["601"] == nil && simulator.evidence.callsByCode["602"] == nil)
            #expect((1...5).contains(clock.slept.withLock { $0 }), "what was left of it in whole seconds, and one for the vendor's clock")
        }
    }

    @Test func `300 leads come back whole, gzip on the wire, each as it is there`() async throws {
        try await self.stand(leads: 400) { client, simulator, _ in
            let page = try await client.leads(ids: Self.ids(1...300))
            #expect(page.leads.map(\.id) == Self.ids(1...300) && page.unreadable.isEmpty)
            #expect(Set(page.leads.compactMap(\.email)).count > 100)
            #expect(page.leads.allSatisfy { $0.createdAt != nil && $0.updatedAt != nil })
        }
    }

    @Test func `matrix 3.5, 414: 300 ids that are too long for an address go as POST with _method=GET, and mean the same`() async throws {
        try await self.stand(leads: 300) { client, simulator, _ in
            let far = Self.ids((0..<299).map { 9_007_199_254_740_000 + $0 })
            #expect(try await client.leads(ids: far + Self.ids([7])).leads.map(\.id) == Self.ids([7]))
            // No id is long enough by itself; e-mails are.
            let emails = (0..<299).map { "somebody.with.a.long.name.\($0)@a-department.of.an.example.co.jp" }
            let known = try #require(try await client.leads(ids: Self.ids([7])).leads.first?.email)
            #expect(try await client.leads(emails: emails + [known]).leads.map(\.id).contains(LeadID(rawValue: 7)))
        }
    }

    @Test func `a page without a record is not the end of a feed, nor an error`() async throws {
        try await self.stand(leads: 5) { client, simulator, _ in
            let token = try await client.pagingToken(since: Date(timeIntervalSince1970: Double(simulator.now) - 86_400 * 30))
            simulator.add(FaultRule(.emptyPage, path: "*/activities.json").limited(to: 1))
            let empty = try await client.activities(token: token, types: [12])
            #expect(empty.activities.isEmpty && empty.moreResult)
            let next = try #require(empty.nextPageToken)
            #expect(try await client.activities(token: next, types: [12]).activities.isEmpty == false)
            #expect(try await client.leads(ids: Self.ids([4_711])).leads.isEmpty)
        }
    }
}

/// Whoever sleeps by it lets the simulator's time pass, not ours.
private final class SimulatorsClock: MarketoClock {
    let slept = Mutex(0.0)
    private let simulator: Simulator

    init(_ simulator: Simulator) { self.simulator = simulator }
    func now() -> ContinuousClock.Instant { ContinuousClock.now + .seconds(self.slept.withLock { $0 }) }
    func date() -> Date { Date(timeIntervalSince1970: Double(self.simulator.now)) }
    func sleep(until instant: ContinuousClock.Instant) async throws {
        let seconds = ((instant - self.now()) / Duration.seconds(1)).rounded()
        self.simulator.advance(seconds: seconds)
        self.slept.withLock { $0 += seconds }
    }
}
