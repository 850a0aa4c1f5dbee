import JobQueue
import Jobs
import Postgres
import Simulator
import Store
import Sync
import Testing

/// A run comes to its end, whatever becomes of the jobs that bring it on.
@Suite struct RunTests {
    @Test func `a block whose job was called off is read all the same`() async throws {
        try await Bridgehead.stand(.open(leads: 900)) { bridge in
            try await bridge.startFullLoad()
            try await bridge.hold("fetch-lead-page")
            try await bridge.work(until: "SELECT queued_at IS NOT NULL FROM sync.runs")
            try await bridge.sql("SELECT jobs.cancel(id) FROM jobs.job WHERE kind = 'fetch-lead-page' AND unique_key = 'block:1'")
            try await bridge.sql("DELETE FROM jobs.gate")
            try await bridge.work()
            #expect(try await bridge.value("SELECT state FROM sync.runs") == "done")
            #expect(try await bridge.linkedAndListed() == 900)
        }
    }

    @Test func `a block whose job died holds nobody up; a note tells of it, and the job can be tried again`() async throws {
        try await Bridgehead.stand(.open(leads: 900)) { bridge in
            try await bridge.startFullLoad()
            try await bridge.hold("fetch-lead-page")
            try await bridge.work(until: "SELECT queued_at IS NOT NULL FROM sync.runs")
            try await bridge.sql("SELECT jobs.bury(id, 'a test') FROM jobs.job WHERE kind = 'fetch-lead-page' AND unique_key = 'block:1'")
            try await bridge.sql("DELETE FROM jobs.gate")
            try await bridge.work()
            #expect(try await bridge.value("SELECT state FROM sync.runs") == "done")
            #expect(try await bridge.linkedAndListed() == 600)
            #expect(try await bridge.count("SELECT count(*) FROM ops.notes WHERE kind = 'block_unread' AND lead_id = 301") == 1)
            try await bridge.sql("SELECT ops.retry_dead('acme')")
            try await bridge.work()
            #expect(try await bridge.linkedAndListed() == 900)
        }
    }

    @Test func `R11: a sweep whose last job was called off is closed by the next`() async throws {
        try await Bridgehead.stand(.open(leads: 5)) { bridge in
            try await bridge.load()
            // Left behind by a worker that is no more, with nobody to close it.
            _ = try await bridge.pool.first(StartRun(tenant: bridge.tenant.id, kind: .sweep))
            try await bridge.sweep()
            #expect(try await bridge.count("SELECT count(*) FROM sync.runs WHERE kind = 'sweep' AND state = 'done'") == 2)
            #expect(try await bridge.count("SELECT count(*) FROM sync.runs WHERE state = 'running'") == 0)
        }
    }

    @Test func `a sweep ends while a full load is writing, and counts its own leads only`() async throws {
        try await Bridgehead.stand(.open(leads: 900)) { bridge in
            try await bridge.load()
            // A full load that never gets on: its blocks wait, and so does a lead of it.
            try await bridge.hold("fetch-lead-page")
            try await bridge.startFullLoad()
            try await bridge.work(until: "SELECT count(*) = 3 FROM jobs.job WHERE kind = 'fetch-lead-page'")
            let load = Int64(try await bridge.count("SELECT id FROM sync.runs WHERE state = 'running'"))
            try await bridge.hold("resolve-account")
            _ = try await bridge.pool.transaction { tx in
                try await tx.enqueue(ResolveAccount(key: "domain:busy.example", run: load), tenant: bridge.id)
            }
            try bridge.marketo.changeScore([2], by: 50)
            try await bridge.startSweep()
            try await bridge.work(until: "SELECT count(*) = 1 FROM sync.runs WHERE kind = 'sweep' AND state = 'done'")
            #expect(try await bridge.count("SELECT leads_changed FROM sync.runs WHERE kind = 'sweep'") == 1)
            #expect(try await bridge.count("SELECT leads_changed FROM sync.runs WHERE id = \(load)") == 0)
            let sweep = try await bridge.value("SELECT id FROM sync.runs WHERE kind = 'sweep'")
            #expect(try await bridge.value("SELECT max(run_id) FROM sync.audit WHERE lead_id = 2") == sweep)
            try await bridge.sql("DELETE FROM jobs.gate")
            try await bridge.work()
            #expect(try await bridge.count("SELECT count(*) FROM sync.runs WHERE state = 'running'") == 0)
        }
    }

    @Test func `a wish for a block that another run made during its read stays open; the run's own does not`() async throws {
        try await Bridgehead.stand { bridge in
            let block = LeadBlock(number: 0)
            let early = try #require(try await bridge.pool.first(FindRun(tenant: bridge.tenant.id, run: bridge.emptyRun(.full)))).now
            let wished = { (run: Int64) in try await bridge.pool.execute(WantBlocks(tenant: bridge.tenant.id, run: run, blocks: 0...0)) }
            let read = { (run: Int64) in
                try await bridge.pool.execute(MarkBlockScanned(tenant: bridge.tenant.id, block: block, observedAt: early, found: 0, run: run))
            }
            _ = try await wished(2)
            _ = try await read(1)
            #expect(try await bridge.value("SELECT wanted_at IS NOT NULL FROM sync.lead_blocks") == "true")
            // By the clocks the read was sent before the wish was written; it is the wish's own all the same.
            _ = try await read(2)
            #expect(try await bridge.value("SELECT wanted_at IS NULL FROM sync.lead_blocks") == "true")
        }
    }

    @Test func `R13: who asks for a sync is told of deletions at once; the clock asks for them every six hours`() async throws {
        try await Bridgehead.stand { bridge in
            let lead = try bridge.lead("a@example.com", company: "社")
            try await bridge.load()
            try await bridge.sweep()
            bridge.marketo.delete([lead])
            try await bridge.sweep()
            #expect(try await bridge.value("SELECT state FROM sync.lead_links") == "active")
            try await bridge.sql("UPDATE sync.tenants SET started_at = now(); SELECT ops.sync_now('acme')")
            try await bridge.work()
            #expect(try await bridge.value("SELECT state FROM sync.lead_links") == "lead_deleted")
        }
    }

    @Test func `an account that is waited for is asked for again when its job was called off`() async throws {
        try await Bridgehead.stand { bridge in
            let lead = try bridge.lead("a@example.com", company: "社")
            try await bridge.hold("resolve-account")
            try await bridge.startFullLoad()
            try await bridge.work(until: "SELECT count(*) = 1 FROM jobs.job WHERE kind = 'resolve-account'")
            try await bridge.sql("SELECT jobs.cancel(id) FROM jobs.job WHERE kind = 'resolve-account'")
            try await bridge.sql("DELETE FROM jobs.gate; UPDATE sync.account_waits SET since = now() - interval '1 hour'")
            try await bridge.sweep()
            #expect(try await bridge.accountName(of: lead) == "社")
        }
    }

    @Test func `no account is made for a contact that is gone, or that somebody has given one`() async throws {
        try await Bridgehead.stand { bridge in
            try bridge.lead("a@gone.example", company: "甲社")
            try bridge.lead("b@housed.example", company: "乙社")
            try await bridge.hold("resolve-account")
            try await bridge.startFullLoad()
            try await bridge.work(until: "SELECT count(*) = 2 FROM jobs.job WHERE kind = 'resolve-account'")
            try await bridge.sql(
                """
                DELETE FROM jobs.gate; DELETE FROM crm.contacts WHERE email = 'a@gone.example';
                INSERT INTO crm.accounts (tenant_id, id, name) VALUES ($tenant, 901, '前社');
                UPDATE crm.contacts SET account_id = 901 WHERE email = 'b@housed.example'
                """)
            try await bridge.work()
            #expect(try await bridge.value("SELECT string_agg(name, ',') FROM crm.accounts") == "前社")
            #expect(try await bridge.count("SELECT count(*) FROM sync.account_waits") == 0)
        }
    }

    @Test func `two account keys that a change of settings made one make one account`() async throws {
        try await Bridgehead.stand(settings: ["account-match": "name-and-phone"]) { bridge in
            let a = try bridge.lead("a@x.example", company: "甲社")
            let b = try bridge.lead("b@x.example", company: "乙社")
            try await bridge.hold("resolve-account")
            try await bridge.startFullLoad()
            try await bridge.work(until: "SELECT count(*) = 2 FROM jobs.job WHERE kind = 'resolve-account'")
            _ = try await bridge.pool.transaction { tx in
                try await tx.setTenant(named: "acme", ["account-match": "domain", "match-before-create": "name-and-phone"])
            }
            try await bridge.sql("DELETE FROM jobs.gate")
            try await bridge.work()
            #expect(try await bridge.accountName(of: a) == bridge.accountName(of: b))
            #expect(try await bridge.count("SELECT count(*) FROM crm.accounts") == 1)
        }
    }
}
