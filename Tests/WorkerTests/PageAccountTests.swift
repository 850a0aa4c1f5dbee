import Postgres
import Store
import Testing

/// The accounts of the contacts that a page makes: made with them, unless somebody else is at it or one of them is refused.
@Suite(.timeLimit(.minutes(20))) struct PageAccountTests {
    @Test func `R51, D1: a page makes the accounts of its contacts with them, one a company, and needs no job for it`() async throws {
        try await Bridgehead.stand(settings: ["match-before-create": "name-and-phone"]) { bridge in
            let first = try bridge.lead("a@kou.example", company: "甲社")
            let second = try bridge.lead("b@KOU.example", company: "甲社 東京")
            let third = try bridge.lead("c@otsu.example", company: "甲社")
            let byName = try bridge.lead("d@gmail.com", company: "甲社")
            let nameless = try bridge.lead("e@hei.example")
            let bare = try bridge.lead(nil, last: "無")
            try await bridge.load()
            for lead in [first, second, third, byName] { #expect(try await bridge.accountName(of: lead) == "甲社") }
            #expect(try await bridge.accountName(of: nameless) == "hei.example")
            #expect(try await bridge.accountName(of: bare) == "(会社名未設定)")
            #expect(try await bridge.count("SELECT count(*) FROM crm.accounts") == 3)
            #expect(try await bridge.count("SELECT count(*) FROM jobs.history WHERE kind = 'resolve-account'") == 0)
            // Named by the lowest of its leads; and each contact's record tells its account.
            #expect(try await bridge.value("SELECT lead_id FROM sync.audit WHERE what = 'account_created' AND new ->> 'name' = '甲社'") == "\(first)")
            #expect(try await bridge.count("SELECT count(account_id) FROM sync.audit WHERE what = 'contact_created'") == 6)
        }
    }

    @Test func `a page never waits for who decides on accounts: its contacts do, and get the account that was made`() async throws {
        try await Bridgehead.stand { bridge in
            let lead = try bridge.lead("a@kou.example", company: "甲社")
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                try await bridge.pool.transaction { tx in
                    try await tx.execute(HoldTurn(tenant: bridge.tenant.id, to: .accounts))
                    try await bridge.startFullLoad()
                    tasks.addTask { try await bridge.work() }
                    try await bridge.settle(until: "(SELECT count(*) FROM sync.account_waits) = 1")
                    #expect(try await bridge.contact(of: lead, "account_id") == nil)
                }
                try await tasks.waitForAll()
            }
            #expect(try await bridge.accountName(of: lead) == "甲社")
            #expect(try await bridge.count("SELECT count(*) FROM sync.account_waits") == 0)
        }
    }

    @Test func `R43, R51: two workers that read pages of the same companies at once make each company's account once`() async throws {
        try await Bridgehead.stand { bridge in
            // Three blocks of 300; each company is in each of them.
            for number in 0..<900 { try bridge.lead("a\(number)@company\(number % 40).example", company: "社\(number % 40)") }
            try await bridge.startFullLoad()
            try await bridge.workTogether(2)
            #expect(try await bridge.count("SELECT count(*) FROM crm.contacts WHERE account_id IS NOT NULL") == 900)
            #expect(try await bridge.count("SELECT count(*) FROM crm.accounts") == 40)
            #expect(try await bridge.count("SELECT count(DISTINCT (email_domain, account_id)) FROM crm.contacts") == 40)
        }
    }

    @Test func `promise 5: an account that the database refuses costs its own contact the account, and nobody else anything`() async throws {
        try await Bridgehead.stand { bridge in
            try await bridge.sql(
                """
                CREATE FUNCTION crm.no_poison() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN IF NEW.name = '毒社' THEN RAISE EXCEPTION 'no such company here'; END IF; RETURN NEW; END $$;
                CREATE TRIGGER no_poison BEFORE INSERT ON crm.accounts FOR EACH ROW EXECUTE FUNCTION crm.no_poison()
                """)
            let good = try (1...5).map { try bridge.lead("a\($0)@kou\($0).example", company: "社\($0)") }
            let bad = try bridge.lead("b@doku.example", company: "毒社")
            try await bridge.startFullLoad()
            try await bridge.work(until: "SELECT count(*) = 6 AND count(account_id) = 5 FROM crm.contacts")
            for (place, lead) in good.enumerated() { #expect(try await bridge.accountName(of: lead) == "社\(place + 1)") }
            #expect(try await bridge.contact(of: bad, "account_id") == nil)
            // Mended, it comes by itself.
            try await bridge.sql("DROP TRIGGER no_poison ON crm.accounts; UPDATE jobs.job SET run_at = now() WHERE kind = 'resolve-account'")
            try await bridge.work()
            #expect(try await bridge.accountName(of: bad) == "毒社")
        }
    }
}
