import JobQueue
import Jobs
import Marketo
import Postgres
import Simulator
import Store
import Sync
import TestKit
import Testing

@testable import Worker

@Suite struct OutageTests {
    private static let isShut = "SELECT EXISTS (SELECT FROM jobs.gate WHERE name = 'marketo' AND shut_until > now())"

    @Test func `matrix 3.5, 607: the tenant pauses without a call more, and a lifted pause lets the load finish`() async throws {
        try await Bridgehead.stand(.open(leads: 3_000)) { bridge in
            let fault = bridge.marketo.add(FaultRule.code("607", "Daily quota reached", path: "/rest/v1/leads.json").with { $0.after = 5 })
            try await bridge.startFullLoad()
            try await bridge.work(until: Self.isShut)
            #expect(try await bridge.pool.first(TenantStatusQuery(name: "acme"))?.state == .pausedQuota)
            bridge.marketo.removeFault(fault)
            bridge.marketo.resetEvidence()
            // Each time the gate is open the jobs ask again, and are told by the ledger alone.
            for _ in 0..<3 {
                try await bridge.pool.run(script: "DELETE FROM jobs.gate")
                try await bridge.work(until: Self.isShut)
            }
            #expect(bridge.marketo.evidence.counted == 0 && bridge.marketo.evidence.identityCalls <= 1)
            try await CallLedger(pool: bridge.pool).liftPause(of: bridge.tenant.subscription)
            try await bridge.work()
            #expect(try await bridge.isComplete())
        }
    }

    @Test func `a raised daily-limit lets the load go on at once`() async throws {
        try await Bridgehead.stand(.open(leads: 3_000), settings: ["daily-limit": "6", "quota-zone": MorningZone.name()]) { bridge in
            try await bridge.startFullLoad()
            // The full load waits, not the tenant: what is left of the day is kept for more urgent work.
            try await bridge.work(until: "EXISTS (SELECT FROM ops.sync_progress WHERE full_load_state = 'paused' AND running = 0)")
            #expect(try await bridge.pool.first(TenantStatusQuery(name: "acme"))?.state == .syncing)
            _ = try await bridge.pool.transaction { tx in try await tx.setTenant(named: "acme", ["daily-limit": "100000"]) }
            try await bridge.work()
            #expect(try await bridge.isComplete())
        }
    }

    @Test func `promise 7, R26: while others use the quota up the full load waits, and the hourly sync and single leads go on`() async throws {
        try await Bridgehead.stand(.open(leads: 6_000), settings: ["daily-limit": "60"]) { bridge in
            bridge.marketo.countCalls(50, user: "another program")
            _ = try await bridge.pool.transaction { tx in try await tx.enqueue(ReadUsage(), tenant: bridge.id) }
            try await bridge.work()
            #expect(try await bridge.value("SELECT used_by_others FROM ops.quota") == "50")
            try await bridge.startFullLoad()
            try await bridge.work(until: "EXISTS (SELECT FROM ops.sync_progress WHERE full_load_state = 'paused' AND running = 0)")
            let new = try bridge.lead("new@example.com", last: "新", company: "社", score: 1)
            try await bridge.startSweep()
            try await bridge.work(until: "EXISTS (SELECT FROM sync.runs WHERE kind = 'sweep' AND state = 'done')")
            #expect(try await bridge.contact(of: new, "name") == "新")
            try bridge.marketo.changeScore([new], by: 4)
            try await bridge.hint(new)
            try await bridge.work(until: "(SELECT lead_score FROM crm.contacts WHERE lead_id = \(new)) = 5")
            let status = try #require(try await bridge.pool.first(TenantStatusQuery(name: "acme")))
            #expect(status.state == .syncing && status.fullLoad.state == "paused")
            #expect(bridge.marketo.evidence.callsAfterQuota == 0)
            #expect(try await bridge.count("SELECT count(*) FROM sync.calls WHERE lane = 'backfill'") <= 7)
        }
    }

    @Test func `the usage page is read behind a shut gate, for it may show that the pause is over`() async throws {
        try await Bridgehead.stand(.open(leads: 10)) { bridge in
            try await bridge.pool.run(
                script: """
                    UPDATE sync.call_budgets SET spent_until = now() + interval '9 hours', spent_total = 50000;
                    SELECT jobs.shut_gate(id, 'marketo', now() + interval '9 hours', 'test') FROM sync.tenants
                    """)
            _ = try await bridge.pool.transaction { tx in try await tx.enqueue(ReadUsage(), tenant: bridge.id) }
            try await bridge.work(until: "SELECT spent_until <= now() FROM sync.call_budgets")
            #expect(try await bridge.count("SELECT count(*) FROM jobs.gate") == 0)
        }
    }

    @Test func `matrix 3.5, 5xx: a Marketo in trouble costs no job an attempt, and the load goes on with its first good answer`() async throws {
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

    @Test func `matrix 3.5, credentials at fault: a wrong secret pauses the tenant instead of asking again and again`() async throws {
        try await Bridgehead.stand(.open(leads: 10)) { bridge in
            bridge.marketo.put(APIClient(id: bridge.marketo.clientID, secret: "another", user: "api@example.com"))
            try await bridge.startFullLoad()
            try await bridge.work(
                until: "SELECT EXISTS (SELECT FROM jobs.gate WHERE name = 'marketo' AND shut_until > now() + interval '20 seconds')")
            #expect(try await bridge.pool.first(TenantStatusQuery(name: "acme"))?.state == .pausedAuth)
            #expect(bridge.marketo.evidence.identityCalls <= 3)
            // The right one is stored: nobody waits for the minute to end.
            let new = NewTenant(
                name: "acme", endpoint: try MarketoEndpoint(bridge.marketo.endpoint, allowLocal: true), clientID: bridge.marketo.clientID,
                clientSecret: Store.Secret("another"))
            _ = try await bridge.pool.transaction { tx in try await tx.addTenant(new, sealedBy: bridge.cipher) }
            try await bridge.work()
            #expect(try await bridge.isComplete())
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
