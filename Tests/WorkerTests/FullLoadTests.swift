import JobQueue
import Postgres
import Simulator
import Store
import Testing

@testable import Scheduler

@Suite struct FullLoadTests {
    @Test func `R6, R7, R9: a full load makes one contact with one account of each lead`() async throws {
        try await Bridgehead.stand(.open(leads: 700)) { bridge in
            try await bridge.load()
            let listed = try await bridge.count("SELECT count(*) FROM sync.quarantine")
            #expect(try await bridge.count("SELECT count(DISTINCT lead_id) FROM sync.lead_links") + listed == bridge.marketo.leadCount)
            #expect(try await bridge.count("SELECT count(*) FROM crm.contacts WHERE account_id IS NULL") == 0)
            #expect(try await bridge.count("SELECT count(*) FROM sync.account_waits") == 0)
            #expect(try await bridge.count("SELECT count(*) FROM jobs.dead") == 0)
            #expect(try await bridge.value("SELECT state FROM sync.runs WHERE kind = 'full'") == "done")
        }
    }

    @Test func `R9: a full load that runs is not started twice`() async throws {
        try await Bridgehead.stand(.open(leads: 10)) { bridge in
            try await bridge.startFullLoad()
            try await bridge.startFullLoad()
            try await bridge.work()
            #expect(try await bridge.count("SELECT count(*) FROM sync.runs") == 1)
        }
    }

    @Test func `R9: 10,000 leads at full density take at most 34 lead calls and 6 others, besides the 4 of the connection test`() async throws {
        try await Bridgehead.stand(.open(leads: 10_000)) { bridge in
            // As the connection test of `tenant add` leaves it.
            try await bridge.pool.execute(
                NoteFields(
                    tenant: bridge.tenant.id, acquisitionDate: "mktoAcquisitionDate", phase: .init(name: "mazrica_phase", fault: nil, length: nil),
                    status: .init(name: "leadStatus", fault: nil, length: nil)))
            try await bridge.load()
            let calls = bridge.marketo.evidence
            #expect(calls.counted <= 40, "\(calls.callsByPath)")
            let listed = try await bridge.count("SELECT count(*) FROM sync.quarantine")
            #expect(try await bridge.count("SELECT count(DISTINCT lead_id) FROM sync.lead_links") + listed == 10_000)
        }
    }

    @Test func `leads with gaps between their ids are all found`() async throws {
        try await Bridgehead.stand(.open(leads: 300) { $0.seed.density = 0.05 }) { bridge in
            try await bridge.load()
            let listed = try await bridge.count("SELECT count(*) FROM sync.quarantine")
            #expect(try await bridge.count("SELECT count(DISTINCT lead_id) FROM sync.lead_links") + listed == bridge.marketo.leadCount)
        }
    }

    @Test(arguments: [FaultRule.code("1003", "Invalid paging token"), FaultRule(.http).with { $0.status = 414 }])
    func `R26: a paging token that Marketo refuses while a full load is planned costs a new token, not the load`(fault: FaultRule) async throws {
        try await Bridgehead.stand(.open(leads: 300)) { bridge in
            bridge.marketo.add(fault.limited(to: 2).with { $0.path = "/rest/v1/activities.json" })
            try await bridge.load()
            #expect(bridge.marketo.evidence.callsByPath["GET /rest/v1/activities.json"] == 3)
            #expect(try await bridge.count("SELECT count(*) FROM jobs.dead") == 0)
            #expect(try await bridge.value("SELECT string_agg(state, ' ') FROM sync.runs WHERE kind = 'full'") == "done")
            let listed = try await bridge.count("SELECT count(*) FROM sync.quarantine")
            #expect(try await bridge.count("SELECT count(DISTINCT lead_id) FROM sync.lead_links") + listed == 300)
        }
    }

    @Test func `a subscription without a lead is loaded too`() async throws {
        try await Bridgehead.stand { bridge in
            try await bridge.load()
            #expect(try await bridge.value("SELECT state FROM sync.runs") == "done")
        }
    }

    @Test func `promises 2 and 4: two workers do nothing twice`() async throws {
        try await Bridgehead.stand(.open(leads: 1_500)) { bridge in
            try await bridge.startFullLoad()
            async let first: Void = bridge.work()
            async let second: Void = bridge.work()
            _ = try await (first, second)
            let listed = try await bridge.count("SELECT count(*) FROM sync.quarantine")
            #expect(try await bridge.count("SELECT count(DISTINCT lead_id) FROM sync.lead_links") + listed == 1_500)
            #expect(
                try await bridge.count("SELECT count(*) FROM crm.contacts")
                    == bridge.count("SELECT count(DISTINCT contact_id) FROM sync.lead_links"))
            #expect(
                try await bridge.count(
                    "SELECT count(*) FROM (SELECT email_key FROM crm.contacts WHERE email_key IS NOT NULL GROUP BY email_key HAVING count(*) > 1) d")
                    == 0)
            // Five blocks, two looks for the highest lead, one above it; the simulator names a call by the method it stands for.
            let calls = bridge.marketo.evidence.callsByPath["GET /rest/v1/leads.json", default: 0]
            #expect((8...9).contains(calls), "\(bridge.marketo.evidence.callsByPath)")
        }
    }

    @Test func `R11: a tenant's sweep is on the table once it is started, at its own minute`() async throws {
        try await Bridgehead.stand(settings: ["sweep-minute": "17"]) { bridge in
            let table = SweepTable(pool: bridge.pool, logger: bridge.logger)
            #expect(try await table.entries().isEmpty)
            _ = try await bridge.pool.transaction { tx in try await tx.startTenant(bridge.tenant.id) }
            let entries = try await table.entries()
            #expect(entries.map(\.crontab.line) == ["17 * * * *", "17 3 * * *"])
        }
    }

    @Test func `R11: a sweep that is due while one runs begins when that one is done`() async throws {
        try await Bridgehead.stand(.open(leads: 5)) { bridge in
            try await bridge.load()
            _ = try await bridge.pool.first(StartRun(tenant: bridge.tenant.id, kind: .sweep))
            try await bridge.startSweep()
            try await bridge.sql("UPDATE sync.runs SET probed_at = now() WHERE kind = 'sweep'")
            try await bridge.finishRuns()
            try await bridge.work()
            #expect(try await bridge.count("SELECT count(*) FROM sync.runs WHERE kind = 'sweep' AND state = 'done'") == 2)
        }
    }
}
