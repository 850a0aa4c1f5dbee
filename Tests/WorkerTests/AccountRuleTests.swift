import Simulator
import Testing

@Suite struct AccountRuleTests {
    @Test func `R43, R44: by default the domain tells the account, and sub-domains are different domains`() async throws {
        try await Bridgehead.stand { bridge in
            let a = try bridge.lead("a@example.co.jp", company: "甲社")
            let b = try bridge.lead("b@EXAMPLE.co.jp", company: "乙社")
            let c = try bridge.lead("c@info.example.co.jp", company: "丙社")
            try await bridge.load()
            #expect(try await bridge.accountName(of: a) == "甲社")
            #expect(try await bridge.accountName(of: b) == "甲社")
            #expect(try await bridge.accountName(of: c) == "丙社")
            #expect(try await bridge.count("SELECT count(*) FROM crm.accounts") == 2)
        }
    }

    @Test func `R45, R46: the oldest contact with the domain and an account leads to it; one without account and a deleted one do not`() async throws
    {
        try await Bridgehead.stand { bridge in
            try await bridge.sql(
                """
                INSERT INTO crm.accounts (tenant_id, id, name) VALUES ($tenant, 901, '古社'), ($tenant, 902, '新社'), ($tenant, 903, '消社');
                INSERT INTO crm.contacts (tenant_id, name, email, account_id, created_at, deleted_at) VALUES
                    ($tenant, '無', 'n@example.com', NULL, '2020-01-01', NULL), ($tenant, '消', 'd@example.com', 903, '2020-01-02', now()),
                    ($tenant, '古', 'o@example.com', 901, '2020-01-03', NULL), ($tenant, '新', 'y@example.com', 902, '2020-01-04', NULL)
                """)
            let lead = try bridge.lead("x@example.com", company: "別社")
            try await bridge.load()
            #expect(try await bridge.accountName(of: lead) == "古社")
            #expect(try await bridge.count("SELECT count(*) FROM crm.accounts") == 3)
        }
    }

    @Test func `R46, D18: a matched contact keeps the account that it has`() async throws {
        try await Bridgehead.stand { bridge in
            try await bridge.sql(
                """
                INSERT INTO crm.accounts (tenant_id, id, name) VALUES ($tenant, 901, '前社');
                INSERT INTO crm.contacts (tenant_id, name, email, account_id) VALUES ($tenant, '甲', 'a@example.com', 901)
                """)
            let lead = try bridge.lead("a@example.com", company: "新社")
            try await bridge.load()
            #expect(try await bridge.accountName(of: lead) == "前社")
            #expect(try await bridge.count("SELECT count(*) FROM crm.accounts") == 1)
        }
    }

    @Test func `R47, D6: by name and phone both must be equal, and no phone equals no phone`() async throws {
        try await Bridgehead.stand(settings: ["account-match": "name-and-phone"]) { bridge in
            try await bridge.sql(
                "INSERT INTO crm.accounts (tenant_id, name, phone) VALUES ($tenant, '例　社', '(03) 1234-5678'), ($tenant, '無電話', NULL)")
            let both = try bridge.lead("a@x.example", company: "例 社", phone: "０３ー１２３４ー５６７８")
            let nameOnly = try bridge.lead("b@x.example", company: "例 社", phone: "03-9999-9999")
            let blank = try bridge.lead("c@x.example", company: "無電話")
            try await bridge.load()
            #expect(try await bridge.accountName(of: both) == "例　社")
            #expect(try await bridge.accountName(of: nameOnly) == "例 社")
            #expect(try await bridge.accountName(of: blank) == "無電話")
            #expect(try await bridge.count("SELECT count(*) FROM crm.accounts") == 3)
        }
    }

    @Test(arguments: ["phone", "mainPhone", "mobilePhone"])
    func `R48, R49, R50: the phone that the setting names is compared and given to the new account`(field: String) async throws {
        try await Bridgehead.stand(settings: ["phone-field": field]) { bridge in
            let lead = try bridge.lead("a@example.com", company: "社", phone: "phone 1", main: "main 2", mobile: "mobile 3")
            try await bridge.load()
            _ = lead
            let expected = ["phone": "phone 1", "mainPhone": "main 2", "mobilePhone": "mobile 3"][field]
            #expect(try await bridge.value("SELECT phone FROM crm.accounts") == expected)
        }
    }

    @Test func `R28: a new account has the lead's company name and the phone of R49, and a later change in Marketo leaves it as it is`() async throws
    {
        try await Bridgehead.stand { bridge in
            let lead = try bridge.lead("a@example.com", company: "甲社", phone: "03-1111-1111")
            try await bridge.load()
            let made = try await bridge.value("SELECT name || ' ' || phone || ' ' || updated_at FROM crm.accounts")
            #expect(made?.hasPrefix("甲社 03-1111-1111 ") == true)
            try bridge.marketo.update([lead], ["company": .string("乙社"), "phone": .string("03-2222-2222"), "leadScore": .number("5")])
            try await bridge.sweep()
            #expect(try await bridge.count("SELECT lead_score FROM crm.contacts") == 5)
            #expect(try await bridge.value("SELECT name || ' ' || phone || ' ' || updated_at FROM crm.accounts") == made)
        }
    }

    @Test func `R51, D1: an account without company is named after the domain; without e-mail too it is the placeholder, once`() async throws {
        try await Bridgehead.stand { bridge in
            let domain = try bridge.lead("a@example.com")
            let one = try bridge.lead(last: "甲")
            let two = try bridge.lead(last: "乙")
            try await bridge.load()
            #expect(try await bridge.accountName(of: domain) == "example.com")
            #expect(try await bridge.accountName(of: one) == "(会社名未設定)")
            #expect(try await bridge.accountName(of: two) == "(会社名未設定)")
            #expect(try await bridge.count("SELECT count(*) FROM crm.accounts") == 2)
        }
    }

    @Test(arguments: ["off", "name-and-phone"])
    func `D5: name and phone are tried before an account is made, by setting only`(choice: String) async throws {
        try await Bridgehead.stand(settings: ["match-before-create": choice]) { bridge in
            try await bridge.sql("INSERT INTO crm.accounts (tenant_id, name, phone) VALUES ($tenant, '社', '1')")
            try bridge.lead("a@example.com", company: "社", phone: "1")
            try await bridge.load()
            #expect(try await bridge.count("SELECT count(*) FROM crm.accounts") == (choice == "off" ? 2 : 1))
        }
    }

    @Test(arguments: ["on", "off"])
    func `D15: strangers with free mail share no account, unless the guard is off`(choice: String) async throws {
        try await Bridgehead.stand(settings: ["free-mail-guard": choice]) { bridge in
            try bridge.lead("a@gmail.com", company: "甲社")
            try bridge.lead("b@gmail.com", company: "乙社")
            try await bridge.load()
            #expect(try await bridge.count("SELECT count(*) FROM crm.accounts") == (choice == "on" ? 2 : 1))
        }
    }

    @Test func `D15, D16: a tenant's own lists are guarded as well`() async throws {
        try await Bridgehead.stand(settings: ["own-domains": "ours.example", "free-mail-domains": "free.example"]) { bridge in
            for domain in ["ours.example", "free.example"] {
                try bridge.lead("a@\(domain)", company: "甲社 \(domain)")
                try bridge.lead("b@\(domain)", company: "乙社 \(domain)")
            }
            try await bridge.load()
            #expect(try await bridge.count("SELECT count(*) FROM crm.accounts") == 4)
        }
    }

    @Test func `D17: under the domain rule a lead without e-mail is looked for by name and phone`() async throws {
        try await Bridgehead.stand { bridge in
            try bridge.lead(last: "甲", company: "社", phone: "1")
            try bridge.lead(last: "乙", company: "社", phone: "1")
            try await bridge.load()
            #expect(try await bridge.count("SELECT count(*) FROM crm.accounts") == 1)
        }
    }

    @Test(arguments: ["distinct", "fold"])
    func `R47: legal forms are distinct, or one by setting`(choice: String) async throws {
        try await Bridgehead.stand(settings: ["account-match": "name-and-phone", "legal-form": choice]) { bridge in
            try bridge.lead("a@x.example", company: "株式会社例")
            try bridge.lead("b@y.example", company: "㈱例")
            try await bridge.load()
            #expect(try await bridge.count("SELECT count(*) FROM crm.accounts") == (choice == "fold" ? 1 : 2))
        }
    }

    @Test(arguments: ["off", "81"])
    func `R47: +81 and 0 are one by setting`(choice: String) async throws {
        try await Bridgehead.stand(settings: ["account-match": "name-and-phone", "phone-country": choice]) { bridge in
            try await bridge.sql("INSERT INTO crm.accounts (tenant_id, name, phone) VALUES ($tenant, '社', '+81-3-1234-5678')")
            try bridge.lead("a@x.example", company: "社", phone: "03-1234-5678")
            try await bridge.load()
            #expect(try await bridge.count("SELECT count(*) FROM crm.accounts") == (choice == "81" ? 1 : 2))
        }
    }
}
