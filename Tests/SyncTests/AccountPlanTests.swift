import Sync
import Testing

@Suite struct AccountPlanTests {
    private func plan(
        _ settings: [String: String] = [:], email: String? = nil, company: String? = nil, phone: String? = nil, mainPhone: String? = nil
    ) throws -> AccountPlan {
        let lead = Lead(id: LeadID(rawValue: 1), email: email, company: company, phone: phone, mainPhone: mainPhone, mobilePhone: "090-0000-0000")
        return AccountPlan(lead: lead, settings: try TenantSettings(overrides: settings))
    }

    private func keys(_ plan: AccountPlan) -> [String] { plan.lookups.map(\.text) }

    @Test func `a company that is not blank has a key: no letter's normal form is white space, if it is none itself`() {
        for value in UInt32(0)...0x3FFFF {
            guard let scalar = Unicode.Scalar(value), PlainText.nonBlank(String(scalar)) != nil else { continue }
            if CompanyKey(String(scalar)) == nil { Issue.record("U+\(String(value, radix: 16))") }
        }
    }

    @Test func `R43 a new tenant looks by e-mail domain and by nothing else`() throws {
        let plan = try self.plan(email: "a@Info.Example.co.jp", company: "A", phone: "03-1")
        #expect(self.keys(plan) == ["domain:info.example.co.jp"])
    }

    @Test func `R51 a new account is named after the lead's company, R49 and has the selected phone`() throws {
        let plan = try self.plan(email: "a@b.jp", company: " 株式会社 B ", phone: "03-1")
        #expect(plan.accountName == " 株式会社 B ")
        #expect(plan.accountPhone == "03-1")
    }

    @Test func `D1 without a company the account is named after the domain, without both it is the placeholder`() throws {
        let named = try self.plan(email: "a@b.jp", company: " ")
        #expect(named.accountName == "b.jp")
        #expect(self.keys(named) == ["domain:b.jp"])
        let placeholder = try self.plan(phone: "03-1")
        #expect(placeholder.accountName == "(会社名未設定)")
        #expect(placeholder.accountPhone == nil)
        #expect(placeholder.key == .placeholder)
        let byName = try self.plan(["account-match": "name-and-phone"], email: "a@b.jp")
        #expect(byName.accountName == "b.jp")
        #expect(self.keys(byName) == ["name::b.jp"])
    }

    @Test func `R47 the second strategy compares name and phone, D6 and blank equals blank`() throws {
        let settings = ["account-match": "name-and-phone"]
        #expect(self.keys(try self.plan(settings, email: "a@b.jp", company: "Ａ", phone: "０３-1")) == ["name:031:A"])
        #expect(self.keys(try self.plan(settings, company: "A", phone: " ")) == ["name::A"])
        #expect(self.keys(try self.plan(settings, company: "A")) == ["name::A"])
    }

    @Test func `R48 with phone-field=mainPhone the other phones are not looked at, R50 phone is the default`() throws {
        let settings = ["account-match": "name-and-phone", "phone-field": "mainPhone"]
        let plan = try self.plan(settings, company: "A", phone: "1", mainPhone: "2")
        #expect(self.keys(plan) == ["name:2:A"])
        #expect(plan.accountPhone == "2")
        #expect(try self.plan(settings, company: "A", phone: "1").accountPhone == nil)
        #expect(try self.plan(["account-match": "name-and-phone"], company: "A", phone: "1", mainPhone: "2").accountPhone == "1")
        let mobile = ["account-match": "name-and-phone", "phone-field": "mobilePhone"]
        #expect(self.keys(try self.plan(mobile, company: "A", phone: "1")) == ["name:09000000000:A"])
    }

    @Test func `D5 name and phone are tried before creating only if the setting says so`() throws {
        let settings = ["match-before-create": "name-and-phone"]
        #expect(self.keys(try self.plan(settings, email: "a@b.jp", company: "B", phone: "1")) == ["domain:b.jp", "name:1:B"])
        #expect(self.keys(try self.plan(settings, email: "a@b.jp", phone: "1")) == ["domain:b.jp"])
    }

    @Test(arguments: ["gmail.com", "yahoo.co.jp", "docomo.ne.jp", "ezweb.ne.jp", "t.vodafone.ne.jp", "i.softbank.jp", "outlook.jp", "abc.ocn.ne.jp"])
    func `D15 a free-mail domain finds no account, the company name does, and without one the placeholder is taken`(domain: String) throws {
        #expect(self.keys(try self.plan(email: "a@\(domain)", company: "A", phone: "1")) == ["name:1:A"])
        #expect(self.keys(try self.plan(email: "a@\(domain)")) == ["placeholder"])
        let open = try self.plan(["free-mail-guard": "off"], email: "a@\(domain)")
        #expect(self.keys(open) == ["domain:\(domain)"])
        #expect(open.accountName == domain)
    }

    @Test func `D15 free-mail-domains adds to the list, sub-domains are not meant by it`() throws {
        let settings = ["free-mail-domains": "@Example.org, 例え.jp"]
        #expect(self.keys(try self.plan(settings, email: "a@example.org")) == ["placeholder"])
        #expect(self.keys(try self.plan(settings, email: "a@xn--r8jz45g.jp")) == ["placeholder"])
        #expect(self.keys(try self.plan(settings, email: "a@x.example.org")) == ["domain:x.example.org"])
        #expect(self.keys(try self.plan(settings, email: "a@gmail.com")) == ["placeholder"])
    }

    @Test func `D16 the team's own domains find no account, whatever the free-mail guard says`() throws {
        let settings = ["own-domains": "mazrica.com", "free-mail-guard": "off"]
        #expect(self.keys(try self.plan(settings, email: "a@mazrica.com", company: "A")) == ["name::A"])
    }

    @Test func `D17 a lead without e-mail is looked for by name and phone under the domain strategy too`() throws {
        #expect(self.keys(try self.plan(company: "A", phone: "1")) == ["name:1:A"])
        #expect(self.keys(try self.plan(email: "foo@@bar.jp", company: "A", phone: "1")) == ["name:1:A"])
    }

    @Test func `R47 legal-form=fold has keys of its own`() throws {
        let settings = ["account-match": "name-and-phone", "legal-form": "fold"]
        #expect(self.keys(try self.plan(settings, company: "㈱A")) == ["folded-name::株式会社A"])
    }

    @Test(arguments: Seeded.seeds)
    func `every lead has an account that can be looked for and made, whatever is in it`(seed: UInt64) throws {
        var random = Seeded(seed: seed)
        for _ in 0..<1000 {
            let settings = [
                "account-match": Bool.random(using: &random) ? "domain" : "name-and-phone",
                "match-before-create": Bool.random(using: &random) ? "off" : "name-and-phone",
                "legal-form": Bool.random(using: &random) ? "fold" : "distinct",
            ]
            let plan = try self.plan(
                settings, email: Bool.random(using: &random) ? random.text() : "a@b.jp", company: random.text(), phone: random.text())
            #expect(!plan.lookups.isEmpty)
            #expect(PlainText.nonBlank(plan.accountName) != nil)
            for key in plan.lookups { #expect(AccountKey(text: key.text)?.text == key.text) }
        }
    }
}
