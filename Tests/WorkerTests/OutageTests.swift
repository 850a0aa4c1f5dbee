import JobQueue
import Jobs
import Marketo
import Postgres
import Simulator
import Store
import Testing

@testable import Worker

@Suite struct OutageTests {
    @Test func `607 pauses the tenant without a call more, and a lifted pause lets the load finish`() async throws {
        try await Bridgehead.stand(.open(leads: 3_000)) { bridge in
            let fault = bridge.marketo.add(FaultRule.code("607", "Daily quota reached", path: "/rest/v1/leads.json").with { $0.after = 5 })
            try await bridge.startFullLoad()
            try await bridge.work(until: "SELECT EXISTS (SELECT FROM jobs.gate WHERE name = 'marketo' AND shut_until > now())")
            #expect(try await bridge.pool.first(TenantStatusQuery(name: "acme"))?.state == .pausedQuota)
            bridge.marketo.removeFault(fault)
            bridge.marketo.resetEvidence()
            try await bridge.work(until: "SELECT true")
            #expect(bridge.marketo.evidence.counted == 0)
            try await CallLedger(pool: bridge.pool).liftPause(of: bridge.tenant.subscription)
            try await bridge.pool.transaction { tx in _ = try await tx.openGate(JobPolicy.marketoGate, tenant: bridge.id) }
            try await bridge.work()
            #expect(try await bridge.isComplete())
        }
    }

    @Test func `a Marketo in trouble costs no job an attempt, and the load goes on with its first good answer`() async throws {
        try await Bridgehead.stand(.open(leads: 1_500)) { bridge in
            bridge.marketo.add(
                FaultRule(.http, path: "/rest/v1/leads.json").with {
                    $0.status = 503; $0.after = 3; $0.times = 12
                })
            try await bridge.load()
            #expect(try await bridge.count("SELECT count(*) FROM jobs.dead") == 0)
            #expect(try await bridge.isComplete())
        }
    }

    @Test func `a wrong secret pauses the tenant instead of asking again and again`() async throws {
        try await Bridgehead.stand(.open(leads: 10)) { bridge in
            bridge.marketo.put(APIClient(id: bridge.marketo.clientID, secret: "another", user: "api@example.com"))
            try await bridge.startFullLoad()
            try await bridge.work(
                until: "SELECT EXISTS (SELECT FROM jobs.gate WHERE name = 'marketo' AND shut_until > now() + interval '20 seconds')")
            #expect(try await bridge.pool.first(TenantStatusQuery(name: "acme"))?.state == .pausedAuth)
            #expect(bridge.marketo.evidence.identityCalls <= 3)
        }
    }
}

extension Bridgehead {
    /// Each lead of Marketo is linked or listed.
    func isComplete() async throws -> Bool {
        try await self.count("SELECT (SELECT count(DISTINCT lead_id) FROM sync.lead_links) + (SELECT count(*) FROM sync.quarantine)")
            == self.marketo.leadCount
    }
}
