import Simulator
import Testing

/// A contact made in Mazrica becomes a lead, and never two.
@Suite struct CreateLeadTests {
    private static func stand(_ body: (Bridgehead) async throws -> Void) async throws {
        try await Bridgehead.stand(settings: ["coalesce-seconds": "1"]) { bridge in
            try await bridge.load()
            try await body(bridge)
        }
    }

    private static func leadID(_ bridge: Bridgehead, _ contact: Int) async throws -> Int64? {
        try await bridge.value("SELECT lead_id FROM crm.contacts WHERE id = \(contact)").flatMap { Int64($0) }
    }

    @Test func `R58, R61, R64: a new contact with an address becomes a lead, its name split, its company in the creating call only`() async throws {
        try await Self.stand { bridge in
            try await bridge.sql(
                """
                INSERT INTO crm.accounts (tenant_id, id, name) VALUES ($tenant, 1, '株式会社甲');
                INSERT INTO crm.contacts (tenant_id, id, account_id, name, email, title) VALUES ($tenant, 1, 1, ' 山田　太郎 ', 'y@example.co.jp', '部長');
                """)
            try await bridge.work()
            let id = try #require(try await Self.leadID(bridge, 1))
            let lead = try #require(bridge.marketo.lead(id))
            #expect(lead.lastName == "山田" && lead.firstName == "太郎" && lead.company == "株式会社甲" && lead.title == "部長")
            // Its own activity comes back and changes nothing.
            let before = try await bridge.value("SELECT updated_at FROM crm.contacts")
            try await bridge.sweep()
            #expect(try await bridge.value("SELECT updated_at FROM crm.contacts") == before)
            #expect(try await bridge.count("SELECT count(*) FROM crm.contacts") == 1)
            #expect(bridge.marketo.leadCount == 1)
        }
    }

    @Test func `R59: without an address nothing is asked; with one that is added later the lead is made, and what waited for it is sent`()
        async throws
    {
        try await Self.stand { bridge in
            bridge.marketo.resetEvidence()
            try await bridge.sql(
                """
                INSERT INTO crm.phases (tenant_id, id, name) VALUES ($tenant, 1, '商談');
                INSERT INTO crm.deals (tenant_id, id, name, phase_id) VALUES ($tenant, 1, 'A', 1);
                INSERT INTO crm.contacts (tenant_id, id, name, email) VALUES ($tenant, 1, '山田', NULL), ($tenant, 2, '鈴木', 'foo@@bar');
                INSERT INTO crm.actions (tenant_id, id, deal_id, kind, status) VALUES ($tenant, 1, 1, '面談', '完了');
                INSERT INTO crm.action_contacts (action_id, contact_id) VALUES (1, 1);
                """)
            try await bridge.work()
            #expect(bridge.marketo.evidence.counted == 0)
            #expect(try await bridge.value("SELECT string_agg(state, ' ') FROM ops.pushes") == "waiting_link waiting_link")
            #expect(try await bridge.value("SELECT kind FROM ops.notes WHERE contact_id = 2") == "email_invalid")
            try await bridge.sql("UPDATE crm.contacts SET email = 'y@example.co.jp' WHERE id = 1")
            try await bridge.work()
            let id = try #require(try await Self.leadID(bridge, 1))
            let lead = try #require(bridge.marketo.lead(id))
            #expect(lead.mazricaPhase == "商談" && lead.leadStatus == "面談")
        }
    }

    @Test func `R58: a lead that is there is linked and not overwritten; its score is shown`() async throws {
        try await Self.stand { bridge in
            let id = try bridge.lead("Y@example.co.jp", last: "元", first: "の名", score: 42)
            try await bridge.sql("INSERT INTO crm.contacts (tenant_id, id, name, email) VALUES ($tenant, 1, '山田 太郎', 'y@example.co.jp')")
            try await bridge.work()
            #expect(try await Self.leadID(bridge, 1) == id)
            #expect(try await bridge.value("SELECT lead_score FROM crm.contacts") == "42")
            #expect(bridge.marketo.lead(id)?.lastName == "元")
            #expect(bridge.marketo.leadCount == 1)
        }
    }

    @Test func `R58: two contacts with one address become one lead, both linked; 700 contacts cost six calls`() async throws {
        try await Self.stand { bridge in
            bridge.marketo.resetEvidence()
            try await bridge.sql(
                """
                INSERT INTO crm.contacts (tenant_id, id, name, email)
                SELECT $tenant, i, '山田 ' || i, 'y' || (i + 1) / 2 || '@example.co.jp' FROM generate_series(1, 1400) AS i
                """)
            try await bridge.work()
            #expect(bridge.marketo.leadCount == 700)
            #expect(try await bridge.count("SELECT count(*) FROM crm.contacts WHERE lead_id IS NOT NULL") == 1_400)
            #expect(
                try await bridge.count("SELECT count(*) FROM (SELECT lead_id FROM crm.contacts GROUP BY lead_id HAVING count(*) = 2) AS pairs") == 700
            )
            #expect(bridge.marketo.evidence.counted <= 12)
        }
    }

    @Test func `R58: an answer that is lost after the lead was made never makes a second one`() async throws {
        try await Self.stand { bridge in
            var fault = FaultRule(.lostAnswer, path: "/rest/v1/leads.json", method: "POST")
            fault.times = 1
            bridge.marketo.add(fault)
            try await bridge.sql("INSERT INTO crm.contacts (tenant_id, id, name, email) VALUES ($tenant, 1, '山田 太郎', 'y@example.co.jp')")
            try await bridge.work(until: "SELECT EXISTS (SELECT FROM sync.creation_turns WHERE sent_at IS NOT NULL)")
            // The 30 s in which such a lead may only then be found have passed.
            try await bridge.sql("UPDATE sync.creation_turns SET sent_at = sent_at - interval '1 minute'")
            try await bridge.work()
            #expect(bridge.marketo.leadCount == 1)
            #expect(try await Self.leadID(bridge, 1) != nil)
        }
    }

    @Test func `R60: what is edited after a call whose answer was lost is sent to the lead that it made; found by kills`() async throws {
        try await Self.stand { bridge in
            var fault = FaultRule(.lostAnswer, path: "/rest/v1/leads.json", method: "POST")
            fault.times = 1
            bridge.marketo.add(fault)
            try await bridge.sql("INSERT INTO crm.contacts (tenant_id, id, name, email, phone) VALUES ($tenant, 1, '山田', 'y@example.co.jp', '03-1')")
            try await bridge.work(
                until: "SELECT EXISTS (SELECT FROM sync.creation_attempts) AND NOT EXISTS (SELECT FROM jobs.job WHERE state = 'running')")
            #expect(bridge.marketo.leadCount == 1)
            try await bridge.sql(
                """
                UPDATE crm.contacts SET phone = '03-2' WHERE id = 1;
                UPDATE sync.creation_turns SET sent_at = NULL;
                UPDATE jobs.job SET run_at = now(), state = 'ready' WHERE state = 'scheduled';
                """)
            try await bridge.work()
            let id = try #require(try await Self.leadID(bridge, 1))
            #expect(bridge.marketo.leadCount == 1 && bridge.marketo.lead(id)?.phone == "03-2")
            #expect(try await bridge.count("SELECT count(*) FROM sync.creation_attempts") == 0)
        }
    }

    @Test(arguments: ["UPDATE crm.contacts SET deleted_at = now()", "DELETE FROM crm.contacts"])
    func `R62, D9: a contact that is deleted while its lead is made does not come back with the lead`(deletion: String) async throws {
        try await Self.stand { bridge in
            var fault = FaultRule(.lostAnswer, path: "/rest/v1/leads.json", method: "POST")
            fault.times = 1
            bridge.marketo.add(fault)
            try await bridge.sql("INSERT INTO crm.contacts (tenant_id, id, name, email) VALUES ($tenant, 1, '山田', 'y@example.co.jp')")
            try await bridge.work(
                until: "SELECT EXISTS (SELECT FROM sync.creation_attempts) AND NOT EXISTS (SELECT FROM jobs.job WHERE state = 'running')")
            try await bridge.sql(
                """
                \(deletion) WHERE id = 1;
                UPDATE sync.creation_turns SET sent_at = NULL;
                UPDATE jobs.job SET run_at = now(), state = 'ready' WHERE state = 'scheduled';
                """)
            try await bridge.work()
            try await bridge.sweep()
            #expect(bridge.marketo.leadCount == 1, "no lead is ever deleted")
            #expect(try await bridge.count("SELECT count(*) FROM crm.contacts WHERE deleted_at IS NULL") == 0)
            #expect(try await bridge.value("SELECT state FROM sync.lead_links") == "contact_deleted")
            #expect(try await bridge.count("SELECT count(*) FROM sync.creation_attempts") == 0)
        }
    }

    @Test func `D8: contacts from before set-up become leads on request only`() async throws {
        try await Bridgehead.stand(settings: ["coalesce-seconds": "1"]) { bridge in
            try await bridge.sql("INSERT INTO crm.contacts (tenant_id, id, name, email) VALUES ($tenant, 1, '山田 太郎', 'y@example.co.jp')")
            try await bridge.load()
            #expect(bridge.marketo.leadCount == 0)
            try await bridge.sql("UPDATE sync.tenants SET settings = settings || '{\"push-existing\":\"on\"}'")
            try await bridge.work()
            #expect(bridge.marketo.leadCount == 1)
        }
    }

    @Test func `R58, R65: a lead that was held back for a bad address leaves the list when a contact with its new one is linked`() async throws {
        try await Bridgehead.stand(settings: ["coalesce-seconds": "1"]) { bridge in
            let lead = try bridge.lead("name@", company: "社", score: 4)
            try await bridge.load()
            #expect(try await bridge.count("SELECT count(*) FROM ops.quarantine") == 1)
            try bridge.marketo.update([lead], ["email": .string("y@example.co.jp")])
            try await bridge.sql("INSERT INTO crm.contacts (tenant_id, id, name, email) VALUES ($tenant, 1, '山田', 'y@example.co.jp')")
            try await bridge.work()
            #expect(try await Self.leadID(bridge, 1) == lead)
            #expect(try await bridge.count("SELECT count(*) FROM ops.quarantine") == 0)
            #expect(try await bridge.value("SELECT lead_score FROM crm.contacts WHERE id = 1") == "4")
            #expect(try await bridge.accountName(of: lead) == "社")
        }
    }
}
