import Store
import Sync
import Testing

/// Which deal's phase a lead shows, through the tables themselves, with plain SQL.
@Suite struct PhaseRuleTests {
    @Test func `R20, R22: whoever is registered for an action of a deal gets the deal's phase, as it is written, planned or completed`() async throws
    {
        try await DealStage.stand { stage in
            try await stage.run("UPDATE crm.phases SET name = ' 商 談 ' WHERE id = 1")
            try await stage.attach(1, to: 1, action: 1, status: "予定")
            try await stage.attach(2, to: 1, action: 2, status: "完了")
            #expect(try await stage.phase(of: 1) == " 商 談 ")
            #expect(try await stage.phase(of: 2) == " 商 談 ")
            #expect(try await stage.phase(of: 3) == nil)
        }
    }

    @Test func `R20: an action of an account, of a contact or of nothing carries no phase`() async throws {
        try await DealStage.stand { stage in
            try await stage.run(
                """
                INSERT INTO crm.accounts (tenant_id, id, name) VALUES ($t, 1, '社');
                INSERT INTO crm.actions (tenant_id, id, account_id, contact_id, kind, status)
                VALUES ($t, 1, 1, NULL, '電話', '完了'), ($t, 2, NULL, 1, '電話', '完了'), ($t, 3, NULL, NULL, '電話', '完了');
                INSERT INTO crm.action_contacts (action_id, contact_id) VALUES (1, 1), (2, 1), (3, 1);
                """)
            #expect(try await stage.phase() == nil)
            // But the kind of each counts (R55).
            #expect(try await stage.status() == "電話")
        }
    }

    @Test func `R21, R70, D2: a new phase goes to all action contacts of the deal and to nobody else; the same phase again is no news`() async throws
    {
        try await DealStage.stand { stage in
            try await stage.attach(1, to: 1, action: 1)
            try await stage.attach(2, to: 1, action: 2)
            try await stage.run("UPDATE crm.deals SET phase_id = 2 WHERE id = 1")
            for contact in [1, 2] { #expect(try await stage.phase(of: contact) == "提案") }
            #expect(try await stage.phase(of: 3) == nil)
            let told = try await stage.store.number("SELECT count(*) FROM sync.contact_events")
            try await stage.run("UPDATE crm.deals SET phase_id = 2; UPDATE crm.deals SET phase_id = 1 WHERE id IN (2, 3)")
            try await stage.run("UPDATE crm.deals SET phase_id = 2, name = 'A2' WHERE id = 1")
            let since = "SELECT count(*) FROM sync.contact_events WHERE deal_id = 1"
            #expect(try await stage.store.number(since + " AND seq > \(told)") <= 0)
        }
    }

    @Test func `R18, D2: with phase-contacts=deal everybody of the deal's account gets it too`() async throws {
        try await DealStage.stand(settings: ["phase-contacts": "deal"]) { stage in
            try await stage.run(
                """
                INSERT INTO crm.accounts (tenant_id, id, name) VALUES ($t, 1, '社');
                UPDATE crm.contacts SET account_id = 1 WHERE id = 3; UPDATE crm.deals SET account_id = 1 WHERE id = 1;
                UPDATE crm.deals SET phase_id = 2 WHERE id = 1
                """)
            #expect(try await stage.phase(of: 3) == "提案")
            #expect(try await stage.phase(of: 1) == nil)
        }
    }

    @Test func `R22: a phase that is renamed is not sent; the next event carries the new name`() async throws {
        try await DealStage.stand { stage in
            try await stage.attach(1, to: 1, action: 1)
            #expect(try await stage.phase() == "商談")
            try await stage.run("UPDATE crm.phases SET name = '初回' WHERE id = 1")
            #expect(try await stage.phase() == "商談")
            try await stage.attach(1, to: 2, action: 2)
            #expect(try await stage.phase() == "初回")
        }
    }

    @Test func `R68, R69, R73: the FAQ's steps give B, D, D and 受注`() async throws {
        try await DealStage.stand { stage in
            try await stage.run("UPDATE crm.phases SET name = CASE id WHEN 1 THEN 'A' WHEN 2 THEN 'B' WHEN 3 THEN 'D' ELSE '受注' END")
            try await stage.attach(1, to: 1, action: 1)
            try await stage.attach(1, to: 2, action: 2)
            try await stage.run("UPDATE crm.deals SET phase_id = 2 WHERE id = 1")
            #expect(try await stage.phase() == "B")
            try await stage.run("UPDATE crm.deals SET phase_id = 3 WHERE id = 2")
            #expect(try await stage.phase() == "D")
            // The product of the first deal changes: anything but its phase.
            try await stage.run("UPDATE crm.deals SET name = 'A, another product' WHERE id = 1")
            #expect(try await stage.phase() == "D")
            try await stage.run("UPDATE crm.deals SET phase_id = 4 WHERE id = 3")
            #expect(try await stage.phase() == "D")
            try await stage.attach(1, to: 3, action: 3)
            #expect(try await stage.phase() == "受注")
        }
    }

    @Test func `R69: registered once more for a deal where one takes part already counts as registration`() async throws {
        try await DealStage.stand { stage in
            try await stage.attach(1, to: 1, action: 1)
            try await stage.run("UPDATE crm.deals SET phase_id = 2 WHERE id = 2")
            try await stage.attach(1, to: 2, action: 2)
            #expect(try await stage.phase() == "提案")
            try await stage.run("DELETE FROM crm.action_contacts WHERE action_id = 1")
            #expect(try await stage.phase() == "提案")
            try await stage.run("INSERT INTO crm.action_contacts (action_id, contact_id) VALUES (1, 1)")
            #expect(try await stage.phase() == "商談")
            try await stage.attach(1, to: 2, action: 3)
            #expect(try await stage.phase() == "提案")
            let again = "INSERT INTO crm.action_contacts (action_id, contact_id) VALUES (1, 1)"
            try await stage.run(again + " ON CONFLICT (action_id, contact_id) DO UPDATE SET created_at = clock_timestamp()")
            #expect(try await stage.phase() == "商談")
        }
    }

    @Test func `R21: who is no action contact of a deal any more is not told of its phases`() async throws {
        try await DealStage.stand { stage in
            try await stage.attach(1, to: 1, action: 1)
            try await stage.run("DELETE FROM crm.action_contacts WHERE action_id = 1; UPDATE crm.deals SET phase_id = 2 WHERE id = 1")
            #expect(try await stage.phase() == "商談")
        }
    }

    @Test(arguments: [true, false])
    func `R71, D12: deals merged: with their actions the contacts get the surviving deal's phase, without nothing is sent`(carried: Bool) async throws
    {
        try await DealStage.stand { stage in
            try await stage.run("UPDATE crm.deals SET phase_id = 3 WHERE id = 2")
            try await stage.attach(1, to: 1, action: 1)
            try await stage.attach(2, to: 2, action: 2)
            try await stage.project()
            let before = try await stage.store.text("SELECT version FROM sync.desired_values WHERE contact_id = 2")
            let moved = try await stage.store.number("SELECT crm.merge_deals(1, 2, \(carried))")
            #expect(moved == (carried ? 1 : 0))
            #expect(try await stage.phase(of: 1) == (carried ? "見積" : "商談"))
            // The survivor's own contacts are not concerned.
            #expect(try await stage.store.text("SELECT version FROM sync.desired_values WHERE contact_id = 2") == before)
            // What was carried hears of the survivor from now on.
            try await stage.run("UPDATE crm.deals SET phase_id = 4 WHERE id = 2")
            #expect(try await stage.phase(of: 1) == (carried ? "受注" : "商談"))
        }
    }

    @Test(arguments: ["keep", "null-always", "next-best"])
    func `R72, D13: the deal that is shown is deleted`(setting: String) async throws {
        try await DealStage.stand(settings: ["deleted-deal": setting]) { stage in
            try await stage.run("UPDATE crm.deals SET phase_id = 2 WHERE id = 1; UPDATE crm.deals SET phase_id = 3 WHERE id = 2")
            try await stage.attach(1, to: 1, action: 1)
            try await stage.attach(1, 2, to: 2, action: 2)
            try await stage.run("DELETE FROM crm.deals WHERE id = 2")
            #expect(try await stage.phase(of: 1) == (setting == "next-best" ? "提案" : "Null"))
            #expect(try await stage.phase(of: 2) == "Null")
            // What comes after it counts again.
            try await stage.run("UPDATE crm.deals SET phase_id = 4 WHERE id = 1")
            #expect(try await stage.phase(of: 1) == "受注")
        }
    }

    @Test(arguments: ["keep", "null-always", "next-best"])
    func `D13: another deal than the one that is shown is deleted`(setting: String) async throws {
        try await DealStage.stand(settings: ["deleted-deal": setting]) { stage in
            try await stage.attach(1, to: 1, action: 1)
            try await stage.run("UPDATE crm.deals SET phase_id = 3 WHERE id = 2")
            try await stage.attach(1, to: 2, action: 2)
            try await stage.run("DELETE FROM crm.deals WHERE id = 1")
            #expect(try await stage.phase() == (setting == "null-always" ? "Null" : "見積"))
        }
    }

    @Test func `R72: a deal whose last action is gone is still the one that is shown, and its deletion is told`() async throws {
        try await DealStage.stand { stage in
            try await stage.attach(1, to: 1, action: 1)
            #expect(try await stage.phase() == "商談")
            try await stage.run("DELETE FROM crm.actions")
            #expect(try await stage.phase() == "商談")
            try await stage.run("DELETE FROM crm.deals WHERE id = 1")
            #expect(try await stage.phase() == "Null")
        }
    }

    @Test func `D8: what happened before the tenant was set up is not sent, unless push-existing asks for it`() async throws {
        try await DealStage.stand { stage in
            try await stage.attach(1, to: 1, action: 1, status: "完了")
            try await stage.attach(2, to: 2, action: 2)
            try await stage.run("UPDATE sync.tenants SET started_at = clock_timestamp()")
            #expect(try await stage.phase(of: 1) == nil)
            try await stage.run("DELETE FROM crm.deals WHERE id = 3; UPDATE crm.deals SET phase_id = 2 WHERE id = 2")
            #expect(try await stage.phase(of: 1) == nil)
            #expect(try await stage.status(of: 1) == nil)
            #expect(try await stage.phase(of: 2) == "提案")
            try await stage.run("UPDATE sync.tenants SET settings = '{\"push-existing\":\"on\"}'")
            #expect(try await stage.phase(of: 1) == "商談")
            #expect(try await stage.status(of: 1) == "電話")
        }
    }

    @Test func `R21: the same story in parts, in any order and twice over, ends at the same phase`() async throws {
        try await DealStage.stand { stage in
            try await stage.attach(1, to: 1, action: 1)
            try await stage.run("UPDATE crm.deals SET phase_id = 2 WHERE id = 1; UPDATE crm.deals SET phase_id = 3 WHERE id = 1")
            let last = Int64(try await stage.store.number("SELECT max(seq) FROM sync.contact_events"))
            for seq in (1...last).reversed() { try await stage.project([EventRange(first: seq, last: seq)]) }
            #expect(try await stage.desired("phase", of: 1) == "見積")
            let version = try await stage.store.text("SELECT version FROM sync.desired_values")
            #expect(try await stage.phase() == "見積")
            #expect(try await stage.store.text("SELECT version FROM sync.desired_values") == version)
        }
    }

    @Test func `R63, R68: of several contacts with one lead the latest event counts, whichever was looked at last`() async throws {
        try await DealStage.stand { stage in
            try await stage.run(
                "INSERT INTO sync.lead_links (tenant_id, lead_id, contact_id, is_primary, state, rule, observed_at, snapshot) "
                    + "SELECT $t, 9, id, id = 1, 'active', 'email', now(), 1 FROM crm.contacts WHERE id < 3")
            try await stage.attach(1, to: 1, action: 1)
            let first = try await stage.store.number("SELECT max(seq) FROM sync.contact_events")
            try await stage.run("UPDATE crm.deals SET phase_id = 3 WHERE id = 2")
            try await stage.attach(2, to: 2, action: 2)
            let last = try await stage.store.number("SELECT max(seq) FROM sync.contact_events")
            // Two workers, the one with the older news is late.
            try await stage.project([EventRange(first: Int64(first) + 1, last: Int64(last))])
            try await stage.project([EventRange(first: 1, last: Int64(first))])
            #expect(try await stage.store.text("SELECT desired FROM sync.pushes WHERE lead_id = 9 AND field = 'phase'") == "見積")
            // Then the older contact's news is the latest.
            try await stage.run("UPDATE crm.deals SET phase_id = 2 WHERE id = 1")
            try await stage.project()
            #expect(try await stage.store.text("SELECT desired FROM sync.pushes WHERE lead_id = 9 AND field = 'phase'") == "提案")
            #expect(try await stage.store.number("SELECT count(*) FROM sync.pushes WHERE state = 'waiting' AND seq > coalesce(acked_seq, 0)") == 1)
        }
    }
}
