import Postgres
import Simulator
import Store
import Testing

@Suite struct ContactRuleTests {
    @Test func `R27, R29, R60: a new contact has the lead's name, e-mail, phones, title, department, score and date`() async throws {
        try await Bridgehead.stand { bridge in
            let lead = try bridge.lead(
                " Taro@Example.co.jp ", last: "山田", first: "太郎", company: "例示株式会社", phone: "03-1", mobile: "090-1", title: "部長", department: "営業",
                score: -5, acquired: "2024-05-01T00:00:00Z")
            try await bridge.load()
            #expect(try await bridge.contact(of: lead, "name") == "山田 太郎")
            #expect(try await bridge.contact(of: lead, "email") == "Taro@Example.co.jp")
            #expect(try await bridge.contact(of: lead, "phone") == "03-1")
            #expect(try await bridge.contact(of: lead, "mobile_phone") == "090-1")
            #expect(try await bridge.contact(of: lead, "title") == "部長")
            #expect(try await bridge.contact(of: lead, "department") == "営業")
            #expect(try await bridge.contact(of: lead, "lead_score") == "-5")
            #expect(try await bridge.contact(of: lead, "lead_id") == "\(lead)")
            #expect(try await bridge.contact(of: lead, "acquisition_date")?.hasPrefix("2024-05-01") == true)
            #expect(try await bridge.accountName(of: lead) == "例示株式会社")
        }
    }

    @Test func `R5, R63: after that only score and acquisition date move, and an unchanged contact keeps its updated_at`() async throws {
        try await Bridgehead.stand { bridge in
            let lead = try bridge.lead("a@example.com", last: "旧", company: "旧社", phone: "1", score: 1)
            let still = try bridge.lead("b@example.com", last: "静", company: "静社", score: 1)
            try await bridge.load()
            let before = try await bridge.contact(of: still, "updated_at")
            try bridge.marketo.update(
                [lead], ["email": .string("new@example.com"), "lastName": .string("新"), "company": .string("新社"), "phone": .string("2")])
            try bridge.marketo.changeScore([lead], by: 9)
            try await bridge.sweep()
            #expect(try await bridge.contact(of: lead, "lead_score") == "10")
            #expect(try await bridge.contact(of: lead, "name") == "旧")
            #expect(try await bridge.contact(of: lead, "email") == "a@example.com")
            #expect(try await bridge.contact(of: lead, "phone") == "1")
            #expect(try await bridge.accountName(of: lead) == "旧社")
            #expect(try await bridge.contact(of: still, "updated_at") == before)
            try await bridge.load()
            #expect(try await bridge.contact(of: still, "updated_at") == before)
            #expect(try await bridge.count("SELECT count(*) FROM crm.contacts") == 2)
        }
    }

    @Test func `R8, R41, D18: a contact with the e-mail is linked, not doubled, and gets an account if it has none`() async throws {
        try await Bridgehead.stand { bridge in
            try await bridge.sql("INSERT INTO crm.contacts (tenant_id, name, email) VALUES ($tenant, '既存', 'Ｔａｒｏ@EXAMPLE.com')")
            let lead = try bridge.lead("taro@example.com", last: "別名", company: "社", score: 3)
            try await bridge.load()
            #expect(try await bridge.count("SELECT count(*) FROM crm.contacts") == 1)
            #expect(try await bridge.contact(of: lead, "name") == "既存")
            #expect(try await bridge.contact(of: lead, "lead_score") == "3")
            #expect(try await bridge.accountName(of: lead) == "社")
        }
    }

    @Test func `R41: of several contacts with the e-mail the oldest is taken; the others stay and get a note`() async throws {
        try await Bridgehead.stand { bridge in
            try await bridge.sql(
                """
                INSERT INTO crm.contacts (tenant_id, name, email, created_at) VALUES
                    ($tenant, '若', 'a@example.com', '2024-01-02'), ($tenant, '古', 'a@example.com', '2024-01-01')
                """)
            let lead = try bridge.lead("a@example.com", company: "社")
            try await bridge.load()
            #expect(try await bridge.contact(of: lead, "name") == "古")
            #expect(try await bridge.count("SELECT count(*) FROM crm.contacts WHERE lead_id IS NOT NULL") == 1)
            #expect(try await bridge.count("SELECT count(*) FROM ops.notes WHERE kind = 'possible_duplicate'") == 1)
        }
    }

    @Test(arguments: ["sync", "new contact"])
    func `R40, R42: the Lead ID outranks the e-mail, whichever side is looked at first`(first: String) async throws {
        try await Bridgehead.stand(settings: ["coalesce-seconds": "1"]) { bridge in
            let lead = try bridge.lead("a@example.com", last: "甲", company: "社", score: 1)
            try await bridge.load()
            try bridge.marketo.update([lead], ["email": .string("b@example.com"), "leadScore": .number("7")])
            if first == "sync" { try await bridge.sweep() }
            try await bridge.sql("INSERT INTO crm.contacts (tenant_id, name, email) VALUES ($tenant, '乙', 'b@example.com')")
            try await bridge.work()
            try await bridge.sweep()
            #expect(try await bridge.contact(of: lead, "name") == "甲")
            #expect(try await bridge.contact(of: lead, "lead_score") == "7")
            #expect(try await bridge.count("SELECT count(*) FROM crm.contacts WHERE name = '乙' AND lead_id IS NULL") == 1)
            #expect(try await bridge.count("SELECT count(*) FROM ops.notes WHERE kind = 'possible_duplicate'") == 1)
            #expect(bridge.marketo.leadCount == 1)
        }
    }

    @Test func `D4: two leads with one e-mail are one contact, which shows the lower lead id`() async throws {
        try await Bridgehead.stand { bridge in
            let first = try bridge.lead("same@example.com", company: "社", score: 1)
            let second = try bridge.lead("SAME@example.com", company: "社", score: 2)
            try await bridge.load()
            #expect(try await bridge.count("SELECT count(*) FROM crm.contacts") == 1)
            #expect(try await bridge.count("SELECT count(*) FROM sync.lead_links WHERE state = 'active'") == 2)
            #expect(try await bridge.contact(of: second, "lead_id") == "\(first)")
            #expect(try await bridge.contact(of: second, "lead_score") == "1")
            #expect(try await bridge.count("SELECT count(*) FROM sync.lead_links WHERE is_primary AND lead_id = \(first)") == 1)
        }
    }

    @Test func `D4: a lower lead id that comes later takes the contact over`() async throws {
        try await Bridgehead.stand { bridge in
            let lower = try bridge.lead("not an address", company: "社", score: 1)
            let higher = try bridge.lead("same@example.com", company: "社", score: 2)
            try await bridge.load()
            #expect(try await bridge.value("SELECT lead_id FROM crm.contacts") == "\(higher)")
            try bridge.marketo.update([lower], ["email": .string("same@example.com")])
            try await bridge.sweep()
            #expect(try await bridge.value("SELECT lead_id || '/' || lead_score FROM crm.contacts") == "\(lower)/1")
            #expect(try await bridge.value("SELECT lead_id FROM sync.lead_links WHERE is_primary") == "\(lower)")
        }
    }

    @Test func `R29, R63: a score that turns negative or is cleared, and a date that is cleared, are shown after a cycle`() async throws {
        try await Bridgehead.stand { bridge in
            let lead = try bridge.lead("a@example.com", company: "社", score: 3, acquired: "2024-05-01T00:00:00Z")
            try await bridge.load()
            try bridge.marketo.update([lead], ["leadScore": .number("-8")])
            try await bridge.sweep()
            #expect(try await bridge.contact(of: lead, "lead_score") == "-8")
            try bridge.marketo.update([lead], ["leadScore": .null, "mktoAcquisitionDate": .null])
            try await bridge.sweep()
            #expect(try await bridge.value("SELECT num_nonnulls(lead_score, acquisition_date) FROM crm.contacts") == "0")
        }
    }

    @Test func `D10: leads that were held back for want of an e-mail are registered as soon as the setting says so`() async throws {
        try await Bridgehead.stand(settings: ["leads-without-email": "quarantine"]) { bridge in
            let lead = try bridge.lead(last: "甲", company: "社")
            try await bridge.load()
            #expect(try await bridge.count("SELECT count(*) FROM ops.quarantine") == 1)
            _ = try await bridge.pool.transaction { tx in try await tx.setTenant(named: "acme", ["leads-without-email": "register"]) }
            try await bridge.work()
            #expect(try await bridge.contact(of: lead, "name") == "甲")
            #expect(try await bridge.count("SELECT count(*) FROM ops.quarantine") == 0)
        }
    }

    @Test func `R65, promise 5: an invalid e-mail is listed with its value, and registered once it is mended`() async throws {
        try await Bridgehead.stand { bridge in
            let lead = try bridge.lead("foo@@bar", last: "甲", company: "社")
            try await bridge.load()
            #expect(try await bridge.count("SELECT count(*) FROM crm.contacts") == 0)
            #expect(try await bridge.value("SELECT value FROM ops.quarantine WHERE lead_id = \(lead) AND reason = 'email_invalid'") == "foo@@bar")
            try bridge.marketo.update([lead], ["email": .string("foo@bar.example")])
            try await bridge.sweep()
            #expect(try await bridge.contact(of: lead, "email") == "foo@bar.example")
            #expect(try await bridge.count("SELECT count(*) FROM ops.quarantine") == 0)
        }
    }

    @Test func `R65, D9: a lead whose contact was deleted leaves the quarantine list when its address is mended, and stays held back`() async throws {
        try await Bridgehead.stand { bridge in
            let lead = try bridge.lead("a@example.com", company: "社")
            try await bridge.load()
            try await bridge.sql("UPDATE crm.contacts SET deleted_at = now()")
            try bridge.marketo.update([lead], ["email": "foo@@bar"])
            try await bridge.sweep()
            #expect(try await bridge.count("SELECT count(*) FROM ops.quarantine") == 1)
            try bridge.marketo.update([lead], ["email": "b@example.com"])
            try await bridge.sweep()
            #expect(try await bridge.count("SELECT count(*) FROM ops.quarantine") == 0)
            #expect(try await bridge.count("SELECT count(*) FROM crm.contacts WHERE deleted_at IS NULL") == 0)
        }
    }

    @Test(arguments: ["register", "quarantine"])
    func `D10: a lead without e-mail is registered, or held back by setting`(choice: String) async throws {
        try await Bridgehead.stand(settings: ["leads-without-email": choice]) { bridge in
            let lead = try bridge.lead(last: "甲", company: "社")
            let nameless = try bridge.lead()
            try await bridge.load()
            if choice == "register" {
                #expect(try await bridge.contact(of: lead, "name") == "甲")
                #expect(try await bridge.contact(of: nameless, "name") == "リード \(nameless)")
                #expect(try await bridge.accountName(of: nameless) == "(会社名未設定)")
            } else {
                #expect(try await bridge.count("SELECT count(*) FROM crm.contacts") == 0)
                #expect(try await bridge.count("SELECT count(*) FROM ops.quarantine WHERE reason = 'email_missing'") == 2)
            }
        }
    }

    @Test(arguments: ["tombstone", "recreate"])
    func `R62, D9: a deleted contact stays deleted, or is made anew by setting`(choice: String) async throws {
        try await Bridgehead.stand(settings: ["deleted-contact": choice]) { bridge in
            let lead = try bridge.lead("a@example.com", last: "甲", company: "社", score: 1)
            try await bridge.load()
            try await bridge.sql("UPDATE crm.contacts SET deleted_at = now()")
            try bridge.marketo.changeScore([lead], by: 1)
            try await bridge.sweep()
            let living = try await bridge.count("SELECT count(*) FROM crm.contacts WHERE deleted_at IS NULL")
            #expect(living == (choice == "recreate" ? 1 : 0))
        }
    }

    @Test func `D9: a restored contact is brought up to date by itself`() async throws {
        try await Bridgehead.stand { bridge in
            let lead = try bridge.lead("a@example.com", company: "社", score: 1)
            try await bridge.load()
            try await bridge.sql("UPDATE crm.contacts SET deleted_at = now()")
            try bridge.marketo.changeScore([lead], by: 4)
            try await bridge.sweep()
            try await bridge.sql("UPDATE crm.contacts SET deleted_at = NULL")
            try await bridge.work()
            #expect(try await bridge.contact(of: lead, "lead_score") == "5")
        }
    }

    @Test func `R13, R14: a deleted lead leaves contact and account as they are, with a note`() async throws {
        try await Bridgehead.stand { bridge in
            let lead = try bridge.lead("a@example.com", last: "甲", company: "社", score: 1)
            try await bridge.load()
            let before = try await bridge.contact(of: lead, "updated_at")
            bridge.marketo.delete([lead])
            try await bridge.sweep()
            #expect(try await bridge.value("SELECT state FROM sync.lead_links WHERE lead_id = \(lead)") == "lead_deleted")
            #expect(try await bridge.contact(of: lead, "updated_at") == before)
            #expect(try await bridge.contact(of: lead, "lead_id") == "\(lead)")
            #expect(try await bridge.accountName(of: lead) == "社")
            #expect(try await bridge.count("SELECT count(*) FROM ops.notes WHERE kind = 'lead_deleted'") == 1)
        }
    }

    @Test func `R63: after a merge the contacts of both leads hold the winner`() async throws {
        try await Bridgehead.stand { bridge in
            let winner = try bridge.lead("w@example.com", last: "勝", company: "社", score: 1)
            let loser = try bridge.lead("l@example.com", last: "負", company: "社", score: 2)
            try await bridge.load()
            try bridge.marketo.merge([loser], into: winner)
            try bridge.marketo.changeScore([winner], by: 10)
            try await bridge.sweep()
            #expect(try await bridge.count("SELECT count(*) FROM crm.contacts WHERE lead_id = \(winner)") == 2)
            #expect(try await bridge.value("SELECT state FROM sync.lead_links WHERE lead_id = \(loser)") == "merged")
            #expect(try await bridge.value("SELECT state FROM sync.lost_leads WHERE lead_id = \(loser)") == "merged")
        }
    }

    @Test func `U+0000 is dropped with a note, and a name of 10,000 characters is kept whole`() async throws {
        try await Bridgehead.stand { bridge in
            let long = String(repeating: "長", count: 10_000)
            let dirty = try bridge.lead("a@example.com", last: "甲\0乙", company: "社")
            let wide = try bridge.lead("b@wide.example", last: long, company: long)
            try await bridge.load()
            #expect(try await bridge.contact(of: dirty, "name") == "甲乙")
            #expect(try await bridge.contact(of: wide, "name") == long)
            #expect(try await bridge.accountName(of: wide) == long)
            #expect(try await bridge.count("SELECT count(*) FROM ops.notes WHERE kind = 'text_cleaned'") == 1)
        }
    }

    @Test func `promise 5: a record that the database refuses is retried alone; all others go through`() async throws {
        try await Bridgehead.stand { bridge in
            try await bridge.sql("ALTER TABLE crm.contacts ADD CHECK (name <> '毒')")
            for number in 0..<20 { try bridge.lead("a\(number)@example.com", last: number == 7 ? "毒" : "良", company: "社") }
            try await bridge.startFullLoad()
            try await bridge.work(until: "SELECT (SELECT count(*) FROM crm.contacts WHERE account_id IS NOT NULL) = 19")
            #expect(try await bridge.count("SELECT count(*) FROM jobs.current WHERE kind = 'upsert-contact'") == 1)
        }
    }
}
