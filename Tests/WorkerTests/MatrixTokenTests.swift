import Foundation
import JobQueue
import Jobs
import Postgres
import Simulator
import Store
import Sync
import Testing

/// The rows of sync-algorithms.md 3.5 about access tokens and clocks, with many calls under way.
@Suite(.timeLimit(.minutes(20))) struct MatrixTokenTests {
    private static let someBlocks = "SELECT count(*) >= 3 FROM sync.lead_blocks WHERE scanned_at IS NOT NULL"

    @Test(arguments: [1, 2])
    func `matrix 3.5, 602 and 601 in mid-page: each process asks identity exactly once more, and no call is lost`(workers: Int) async throws {
        try await Bridgehead.stand(.open(leads: 6_000)) { bridge in
            bridge.marketo.add(FaultRule(.delay, path: "/rest/v1/leads.json").with { $0.seconds = 0.3 })
            try await bridge.startFullLoad()
            async let working: Void = bridge.workTogether(workers)
            try await bridge.settle(until: Self.someBlocks)
            #expect(bridge.marketo.evidence.identityCalls == workers)
            bridge.marketo.cutTokensShort()
            try await working
            let evidence = bridge.marketo.evidence
            #expect(evidence.identityCalls == 2 * workers)
            #expect(evidence.callsByCode["602", default: 0] + evidence.callsByCode["601", default: 0] >= workers, "\(evidence.callsByCode)")
            #expect(try await bridge.linkedAndListed() == 6_000)
            #expect(try await bridge.count("SELECT count(*) FROM jobs.history WHERE attempt > 1") == 0)
        }
    }

    @Test func `matrix 3.5, 602 and 601 in mid-page: two tenants of one process ask identity once more each`() async throws {
        try await Bridgehead.stand(.open(leads: 3_000)) { bridge in
            let client = APIClient(id: "second-client", secret: "second-secret", user: "second@example.com")
            bridge.marketo.put(client)
            let other = try await bridge.neighbour("beta", over: bridge.marketo, client: client)
            bridge.marketo.add(FaultRule(.delay, path: "/rest/v1/leads.json").with { $0.seconds = 0.3 })
            try await bridge.startFullLoad()
            try await other.startFullLoad()
            let bothRead = "SELECT count(*) = 2 FROM (SELECT FROM sync.lead_blocks WHERE scanned_at IS NOT NULL GROUP BY tenant_id) AS tenants"
            async let working: Void = bridge.work(until: "SELECT count(*) = 2 FROM ops.sync_progress WHERE settled AND full_load_state = 'done'")
            try await bridge.settle(until: bothRead)
            #expect(bridge.marketo.evidence.identityCalls == 2)
            bridge.marketo.cutTokensShort()
            try await working
            #expect(bridge.marketo.evidence.identityCalls == 4)
            #expect(try await bridge.count("SELECT count(*) FROM jobs.history WHERE attempt > 1") == 0)
            #expect(try await bridge.count("SELECT count(DISTINCT tenant_id) FROM sync.runs WHERE state = 'done'") == 2)
        }
    }

    @Test func `matrix 3.5, a second 601: the tenant is paused_auth, and is tried once a minute until it is good again`() async throws {
        try await Bridgehead.stand(.open(leads: 3_000)) { bridge in
            let fault = bridge.marketo.add(FaultRule(.tokenInvalid, path: "/rest/v1/leads.json"))
            try await bridge.startFullLoad()
            try await bridge.workTogether(until: "SELECT state = 'paused_auth' FROM ops.sync_progress")
            #expect(bridge.marketo.evidence.identityCalls <= 6, "two workers, the first token and the one after it, with two calls at once at most")
            bridge.marketo.resetEvidence()
            for _ in 1...2 {
                try await bridge.timePasses()
                try await bridge.workTogether(until: Bridgehead.isHeld)
            }
            #expect(bridge.marketo.evidence.counted == 0 && bridge.marketo.evidence.identityCalls == 0)
            #expect(try await bridge.pool.first(TenantStatusQuery(name: "acme"))?.state == .pausedAuth)
            bridge.marketo.removeFault(fault)
            try await bridge.pool.run(script: "UPDATE sync.tenants SET auth_probe_at = now()")
            try await bridge.timePasses()
            try await bridge.workTogether()
            #expect(try await bridge.linkedAndListed() == 3_000)
            #expect(try await bridge.count("SELECT count(*) FROM jobs.dead") == 0)
        }
    }

    @Test(arguments: [-86_400, -3_600, 3_600, 2_592_000] as [Double])
    func `matrix 3.5, clock skew: a Marketo whose clock differs from ours is read without a gap`(seconds: Double) async throws {
        try await Bridgehead.stand(.open { $0.now = Int64(Date().timeIntervalSince1970 + seconds) }) { bridge in
            let leads = try (1...5).map { try bridge.lead("a\($0)@example.com", last: "山田", company: "社", score: 1) }
            try await bridge.load()
            // Changed right after the load, before the first sweep.
            try bridge.marketo.changeScore(leads, by: 5)
            try await bridge.sweep()
            try bridge.marketo.changeScore([leads[1]], by: 5)
            let new = try bridge.lead("new@example.com", last: "新", company: "社", score: 3)
            try await bridge.startSweep()
            try await bridge.workTogether()
            #expect(try await bridge.staleLeads() == [])
            #expect(try await bridge.contact(of: new, "name") == "新")
            #expect(try await bridge.count("SELECT count(*) FROM jobs.dead") == 0)
        }
    }
}
