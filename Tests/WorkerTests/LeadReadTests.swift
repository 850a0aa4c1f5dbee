import FoundationEssentials
import JobQueue
import Jobs
import Postgres
import Simulator
import Store
import Sync
import Testing

/// What a read of leads does, whatever came before it and whatever runs beside it.
@Suite struct LeadReadTests {
    /// Stores a lead as if it had been read at `moment`, seconds from now, and tells whether it was stored and whether its contacts are stale.
    private static func read(_ lead: Lead, at moment: TimeInterval, _ bridge: Bridgehead) async throws -> (isStored: Bool, isStale: Bool) {
        try await bridge.pool.transaction { tx in
            let stored = try await tx.query(
                MirrorLeads(tenant: bridge.tenant.id, observedAt: Date(timeIntervalSinceNow: moment), leads: [CleanLead(lead)]))
            let stale = try await tx.query(FindStaleLeads(tenant: bridge.tenant.id, leads: [lead.id]))
            return (!stored.isEmpty, !stale.isEmpty)
        }
    }

    @Test func `promise 4: an older read never overwrites a newer one`() async throws {
        try await Bridgehead.stand { bridge in
            let id = LeadID(rawValue: 7)
            let newer = try await Self.read(Lead(id: id, email: "new@example.com"), at: 0, bridge)
            let older = try await Self.read(Lead(id: id, email: "old@example.com"), at: -5, bridge)
            #expect(newer.isStored && newer.isStale)
            #expect(!older.isStored)
            #expect(try await bridge.value("SELECT email FROM sync.lead_mirror") == "new@example.com")
        }
    }

    @Test func `R63: a read that brings back what the contact shows is applied after an older value that is being applied`() async throws {
        try await Bridgehead.stand { bridge in
            let number = try bridge.lead("a@example.com", company: "社", score: 1)
            try await bridge.load()
            let id = LeadID(rawValue: number)
            _ = try await Self.read(Lead(id: id, email: "a@example.com", company: "社", leadScore: 5), at: 0, bridge)
            let writer = ContactWriter(tenant: bridge.tenant.id, settings: TenantSettings())
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                try await bridge.pool.transaction { tx in
                    _ = try await writer.apply([LeadToApply(lead: id, job: 0)], in: tx)
                    // Meanwhile another worker reads the lead as it was before, and has to wait.
                    tasks.addTask {
                        try await bridge.hint(number)
                        try await bridge.work()
                    }
                    try await bridge.settle(until: "EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)")
                }
                try await tasks.waitForAll()
            }
            #expect(try await bridge.contact(of: number, "lead_score") == "1")
        }
    }

    @Test func `while upsert-contact is paused leads are read and wait as jobs; resumed, they become contacts`() async throws {
        try await Bridgehead.stand { bridge in
            try await bridge.load()
            for number in 1...5 { try bridge.lead("a\(number)@example.com", company: "社") }
            try await bridge.sql("SELECT ops.pause('acme', 'upsert-contact')")
            try await bridge.startFullLoad()
            try await bridge.work(until: "(SELECT count(*) FROM jobs.current WHERE kind = 'upsert-contact') = 5")
            #expect(try await bridge.count("SELECT count(*) FROM crm.contacts") == 0)
            try await bridge.sql("SELECT ops.resume('acme', 'upsert-contact')")
            try await bridge.work()
            #expect(try await bridge.linkedAndListed() == 5)
            #expect(try await bridge.count("SELECT sum(leads_changed) FROM sync.runs") == 5)
        }
    }

    @Test(arguments: ["attempt = 1", "state = 'suspect', crashes = 1"])
    func `a page that failed or whose worker fell leaves each lead to a job of its own`(past: String) async throws {
        try await Bridgehead.stand(.open(leads: 5)) { bridge in
            try await bridge.pool.transaction { tx in
                let id = try await tx.enqueue(FetchLeadPage(block: LeadBlock(number: 0)), tenant: bridge.id)
                try await tx.run(script: "UPDATE jobs.job SET \(past) WHERE id = \(id)")
            }
            try await bridge.work()
            #expect(try await bridge.count("SELECT count(*) FROM jobs.history WHERE kind = 'upsert-contact' AND state = 'done'") == 5)
            #expect(try await bridge.linkedAndListed() == 5)
        }
    }

    @Test func `D10: a lead that is listed for want of an address as the setting changes is registered all the same`() async throws {
        try await Bridgehead.stand(settings: ["leads-without-email": "quarantine"]) { bridge in
            let lead = try bridge.lead(nil, last: "無", company: "社")
            try await bridge.load()
            try await bridge.sql("DELETE FROM sync.quarantine")
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                try await bridge.pool.transaction { tx in
                    // A worker that goes by the old setting is about to list the lead; who changes the setting waits for it.
                    let writer = ContactWriter(tenant: bridge.tenant.id, settings: TenantSettings())
                    _ = try await writer.apply([LeadToApply(lead: LeadID(rawValue: lead), job: 0)], in: tx)
                    tasks.addTask {
                        try await bridge.sql("UPDATE sync.tenants SET settings = settings || '{\"leads-without-email\": \"register\"}'")
                    }
                    try await bridge.settle(until: "EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)")
                }
                try await tasks.waitForAll()
            }
            try await bridge.work()
            #expect(try await bridge.count("SELECT count(*) FROM ops.quarantine") == 0)
            #expect(try await bridge.count("SELECT count(*) FROM crm.contacts") == 1)
        }
    }

    @Test func `a linked lead leaves the list when the value comes back that its contact shows`() async throws {
        try await Bridgehead.stand { bridge in
            let number = try bridge.lead("a@example.com", company: "社", score: 1)
            try await bridge.load()
            let tooMuch = Lead(id: LeadID(rawValue: number), email: "a@example.com", company: "社", leadScore: 9_999_999_999)
            _ = try await Self.read(tooMuch, at: 0, bridge)
            _ = try await bridge.pool.transaction { tx in
                try await tx.enqueue(UpsertContact(lead: LeadID(rawValue: number)), tenant: bridge.id)
            }
            try await bridge.work()
            #expect(try await bridge.count("SELECT count(*) FROM ops.quarantine WHERE reason = 'score_out_of_range'") == 1)
            try await bridge.hint(number)
            try await bridge.work()
            #expect(try await bridge.count("SELECT count(*) FROM ops.quarantine") == 0)
            #expect(try await bridge.contact(of: number, "lead_score") == "1")
        }
    }

    @Test func `R13: a read that was sent before the news of a lead's end brings nothing of it back`() async throws {
        try await Bridgehead.stand { bridge in
            let lead = try bridge.lead("a@example.com", company: "社", score: 1)
            try await bridge.load()
            try await bridge.pool.execute(MarkLeadsDeleted(tenant: bridge.tenant.id, leads: [LeadID(rawValue: lead)], job: 0))
            try await bridge.sql("UPDATE sync.lost_leads SET since = now() + interval '1 hour'")
            try bridge.marketo.changeScore([lead], by: 1)
            try await bridge.hint(lead)
            try await bridge.work()
            #expect(try await bridge.value("SELECT lead_score FROM sync.lead_mirror") == "2")
            #expect(try await bridge.value("SELECT state FROM sync.lead_links") == "lead_deleted")
            #expect(try await bridge.contact(of: lead, "lead_score") == "1")
            #expect(try await bridge.value("SELECT state FROM sync.lost_leads") == "deleted")
        }
    }

    @Test func `what a page knows of its leads without reading them back is what is read back`() async throws {
        try await Bridgehead.stand { bridge in
            let tenant = bridge.tenant.id
            let moment = Date(timeIntervalSince1970: 1_700_000_000.25)
            let leads = [
                Lead(
                    id: LeadID(rawValue: 1), email: "a@example.com", firstName: "花\u{0}子", lastName: "", company: "社", leadScore: -9_999_999_999,
                    acquisitionDate: Date(timeIntervalSince1970: 1_700_000_000.123_456_789), createdAt: moment, updatedAt: moment),
                Lead(id: LeadID(rawValue: 2)),
            ]
            let write = MirrorLeads(tenant: tenant, observedAt: moment, leads: leads.map(CleanLead.init))
            let stored = write.stored(try await bridge.pool.query(write))
            let read = try await bridge.pool.query(ReadMirror(tenant: tenant, leads: leads.map(\.id)))
            #expect(stored.count == 2 && read.count == 2)
            for read in read {
                let known = try #require(stored[read.lead.id])
                #expect(known.lead == read.lead && known.snapshot == read.snapshot)
                #expect(known.observedAt == read.observedAt && known.wasCleaned == read.wasCleaned)
            }
            let partial = MirrorLeads(tenant: tenant, observedAt: moment, leads: leads.map(CleanLead.init), unasked: ["email"])
            #expect(partial.stored(try await bridge.pool.query(partial)).isEmpty)
        }
    }

    @Test func `R13: a lead that is read after it was said to be deleted is synced again, with a note`() async throws {
        try await Bridgehead.stand { bridge in
            let lead = try bridge.lead("a@example.com", company: "社", score: 1)
            try await bridge.load()
            try await bridge.pool.execute(MarkLeadsDeleted(tenant: bridge.tenant.id, leads: [LeadID(rawValue: lead)], job: 0))
            #expect(try await bridge.value("SELECT state FROM sync.lead_links") == "lead_deleted")
            try bridge.marketo.changeScore([lead], by: 1)
            try await bridge.hint(lead)
            try await bridge.work()
            #expect(try await bridge.value("SELECT state FROM sync.lead_links") == "active")
            #expect(try await bridge.contact(of: lead, "lead_score") == "2")
            #expect(try await bridge.count("SELECT count(*) FROM sync.lost_leads") == 0)
            #expect(try await bridge.count("SELECT count(*) FROM ops.notes WHERE kind = 'lead_back' AND lead_id = \(lead)") == 1)
        }
    }

    @Test func `promise 5: one lead that Marketo refuses is found by halves; the others are read`() async throws {
        try await Bridgehead.stand { bridge in
            let leads = try (1...3).map { try bridge.lead("a\($0)@example.com", company: "社", score: 1) }
            try await bridge.load()
            try bridge.marketo.changeScore(leads, by: 1)
            for lead in leads { try await bridge.hint(lead) }
            // All three, and then the first by itself.
            bridge.marketo.add(FaultRule.code("1003", path: "/rest/v1/leads.json").limited(to: 2))
            try await bridge.work()
            #expect(try await bridge.value("SELECT string_agg(unique_key, ',') FROM jobs.dead") == "lead:\(leads[0])")
            #expect(try await bridge.value("SELECT string_agg(lead_score::text, ',' ORDER BY id) FROM crm.contacts") == "1,2,2")
        }
    }

    @Test func `promise 5: an id of a block that Marketo refuses is listed; the block is read`() async throws {
        try await Bridgehead.stand(.open(leads: 10)) { bridge in
            // After the two looks for the highest lead: 300 ids, 150, 75, 37, 18, 9, 4, 2, and the first one by itself.
            bridge.marketo.add(
                FaultRule.code("1003", path: "/rest/v1/leads.json").with {
                    $0.after = 2
                    $0.times = 9
                })
            try await bridge.load()
            #expect(try await bridge.value("SELECT string_agg(lead_id::text, ',') FROM ops.quarantine WHERE reason = 'refused'") == "1")
            #expect(try await bridge.linkedAndListed() == 10)
            #expect(try await bridge.value("SELECT state FROM sync.runs") == "done")
            #expect(try await bridge.count("SELECT count(*) FROM jobs.dead") == 0)
        }
    }

    @Test func `matrix 3.5, field gone: a subscription without the acquisition date is synced all the same`() async throws {
        try await Bridgehead.stand { bridge in
            let lead = try bridge.lead("a@example.com", company: "社", score: 1)
            bridge.marketo.hide(field: "mktoAcquisitionDate")
            try await bridge.load()
            try bridge.marketo.changeScore([lead], by: 1)
            try await bridge.sweep()
            try await bridge.rest()
            bridge.marketo.resetEvidence()
            try await bridge.sweep()
            #expect(try await bridge.contact(of: lead, "lead_score") == "2")
            #expect(bridge.marketo.evidence.callsByPath["GET /rest/v1/activities/leadchanges.json"] == 1)
            #expect(try await bridge.count("SELECT count(*) FROM jobs.current") == 0)
        }
    }

    @Test func `R63, matrix 3.5, field gone: it takes no value away, and one that is back is read`() async throws {
        try await Bridgehead.stand { bridge in
            let lead = try bridge.lead("a@example.com", company: "社", score: 5, acquired: "2024-05-01T00:00:00Z")
            try await bridge.load()
            for field in ["leadScore", "mktoAcquisitionDate"] { bridge.marketo.hide(field: field) }
            try await bridge.hint(lead)
            try await bridge.work()
            #expect(try await bridge.contact(of: lead, "lead_score") == "5")
            #expect(try await bridge.contact(of: lead, "acquisition_date")?.hasPrefix("2024-05-01") == true)
            #expect(try await bridge.value("SELECT acquisition_date IS NULL FROM sync.lead_fields") == "true")
            for field in ["leadScore", "mktoAcquisitionDate"] { bridge.marketo.show(field: field) }
            try bridge.marketo.changeScore([lead], by: 1)
            try await bridge.sweep()
            #expect(try await bridge.contact(of: lead, "lead_score") == "6")
        }
    }
}
