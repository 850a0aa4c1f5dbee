import FoundationEssentials
import Postgres
import Sync
import TestKit
import Testing

@testable import Store

/// What the demo and the crash tests hold both sides against each other with: it must see what it claims to see.
@Suite struct ComparisonTests {
    private func lead(_ id: Int64, email: String? = nil, name: String? = nil, score: Int? = nil) -> Lead {
        Lead(id: LeadID(rawValue: id), email: email ?? "lead\(id)@company\(id).co.jp", lastName: name ?? "山田\(id)", leadScore: score)
    }

    /// A side in which each lead is registered as it should be: contact 100 + id, account 200 + id.
    private func side(_ leads: [Lead]) -> MazricaSide {
        var side = MazricaSide()
        for lead in leads {
            let id = lead.id.rawValue
            let plan = AccountPlan(lead: lead, settings: TenantSettings())
            side.accounts.append(AccountAudit(id: AccountID(rawValue: 200 + id), name: plan.accountName, phone: plan.accountPhone))
            side.contacts.append(
                ContactAudit(
                    id: ContactID(rawValue: 100 + id), account: AccountID(rawValue: 200 + id), texts: ContactTexts(of: lead), shown: ThreeFields(lead)
                ))
            side.links.append(LinkAudit(lead: lead.id, contact: ContactID(rawValue: 100 + id)))
        }
        return side
    }

    private func found(_ comparison: Comparison) -> [String] { comparison.differences.map { "\($0.kind.rawValue) \($0.record)" } }

    @Test func `equal sides agree`() {
        let leads = [self.lead(1, score: 5), self.lead(2)]
        #expect(Comparison(leads: leads, side: self.side(leads)).isClean)
    }

    @Test func `a lead without a contact, a contact without an account and an account that is not there are missing`() {
        let leads = [self.lead(1), self.lead(2), self.lead(3)]
        var side = self.side(Array(leads.dropFirst()))
        let second = side.contacts[0]
        side.contacts[0] = ContactAudit(id: second.id, account: nil, texts: second.texts, shown: second.shown)
        side.accounts = []
        #expect(self.found(Comparison(leads: leads, side: side)) == ["missing lead 1", "missing contact 102", "missing account 203"])
    }

    @Test func `R65: a lead with an invalid address belongs into quarantine, one with a valid address does not`() {
        let leads = [self.lead(1, email: "foo@@bar"), self.lead(2), self.lead(3, email: "foo@@baz")]
        var side = self.side([leads[1]])
        side.quarantined = [LeadID(rawValue: 1), LeadID(rawValue: 2)]
        #expect(self.found(Comparison(leads: leads, side: side)) == ["stale lead 2", "missing lead 3"])
    }

    @Test func `a contact that no lead leads to is one too many, and so is its account`() {
        let leads = [self.lead(1), self.lead(2)]
        var side = self.side(leads)
        side.links.removeLast()
        #expect(self.found(Comparison(leads: leads, side: side)) == ["missing lead 2", "doubled contact 102", "doubled account 202"])
    }

    @Test func `D4: two contacts of one lead, or of two leads with one address, are doubled`() {
        let one = self.lead(1)
        var side = self.side([one])
        side.contacts.append(
            ContactAudit(id: ContactID(rawValue: 151), account: AccountID(rawValue: 201), texts: ContactTexts(of: one), shown: ThreeFields(one)))
        side.links.append(LinkAudit(lead: one.id, contact: ContactID(rawValue: 151)))
        #expect(self.found(Comparison(leads: [one], side: side)) == ["doubled lead 1"])
        let two = [self.lead(2, email: "A@example.com"), self.lead(3, email: "a@EXAMPLE.com")]
        #expect(Set(self.found(Comparison(leads: two, side: self.side(two)))).isSuperset(of: ["doubled lead 2", "doubled lead 3"]))
    }

    @Test func `R44: two accounts of one key are one too many`() {
        let leads = [self.lead(1, email: "a@example.com"), self.lead(2, email: "b@example.com")]
        #expect(self.found(Comparison(leads: leads, side: self.side(leads))) == ["doubled account 202"])
    }

    @Test func `of two leads that read alike either may have made the account`() {
        var leads = [self.lead(1, email: "a@gmail.com", name: "山田"), self.lead(2, email: "a@gmail.com", name: "山田")]
        (leads[0].company, leads[1].company) = ("甲社", "乙社")
        for made in 0...1 {
            var side = self.side([leads[0]])
            let plan = AccountPlan(lead: leads[made], settings: TenantSettings())
            side.accounts[0] = AccountAudit(id: side.accounts[0].id, name: plan.accountName, phone: plan.accountPhone)
            side.links.append(LinkAudit(lead: leads[1].id, contact: ContactID(rawValue: 101), isPrimary: false, rule: "email"))
            #expect(Comparison(leads: leads, side: side).isClean)
        }
    }

    @Test func `D4: two leads with one address share a contact, which shows the lower lead`() {
        let leads = [self.lead(2, email: "a@example.com", score: 5), self.lead(3, email: "a@example.com", score: 9)]
        var side = self.side([leads[0]])
        side.links.append(LinkAudit(lead: leads[1].id, contact: ContactID(rawValue: 102), isPrimary: false, rule: "email"))
        #expect(Comparison(leads: leads, side: side).isClean)
        let contact = side.contacts[0]
        side.contacts[0] = ContactAudit(id: contact.id, account: contact.account, texts: contact.texts, shown: ThreeFields(leads[1]))
        #expect(self.found(Comparison(leads: leads, side: side)) == ["stale contact 102"])
    }

    @Test func `R63: a contact keeps the name it was made with, and any other text that differs is seen`() {
        let before = [self.lead(1), self.lead(2), self.lead(3)]
        let now = [self.lead(1), self.lead(2, name: "改名"), self.lead(3)]
        var side = self.side(before)
        #expect(Comparison(leads: now, registered: before, side: side).isClean)
        side.contacts[1] = self.side(now).contacts[1]
        let third = side.contacts[2]
        side.contacts[2] = ContactAudit(
            id: third.id, account: third.account, texts: ContactTexts(name: third.texts.name, email: third.texts.email, phone: "03-1234-5678"),
            shown: third.shown)
        let comparison = Comparison(leads: now, registered: before, side: side)
        #expect(comparison.of(.altered).map(\.record).prefix(2) == ["contact 102", "contact 103"])
        #expect(
            comparison.of(.altered).map(\.text).prefix(2) == ["it reads unlike any of its leads (name)", "it reads unlike any of its leads (phone)"])
    }

    @Test func `R13: a deleted lead's contact stays, its link marked so`() {
        let leads = [self.lead(1), self.lead(2)]
        var side = self.side(leads)
        #expect(self.found(Comparison(leads: [leads[0]], registered: leads, side: side)) == ["stale lead 2"])
        side.links[1] = LinkAudit(lead: leads[1].id, contact: ContactID(rawValue: 102), state: "lead_deleted")
        #expect(Comparison(leads: [leads[0]], registered: leads, side: side).isClean)
        side.contacts.removeLast()
        #expect(self.found(Comparison(leads: [leads[0]], registered: leads, side: side)) == ["missing lead 2", "doubled account 202"])
    }

    @Test func `after a merge two contacts may hold the winner`() {
        let leads = [self.lead(1, score: 5), self.lead(2, score: 7)]
        var side = self.side(leads)
        side.links[0] = LinkAudit(lead: leads[0].id, contact: ContactID(rawValue: 101), isPrimary: false, state: "merged")
        side.links.append(LinkAudit(lead: leads[1].id, contact: ContactID(rawValue: 101), rule: "merge"))
        #expect(self.found(Comparison(leads: [leads[1]], registered: leads, side: side)).contains("stale contact 101"), "it must show the winner now")
        let contact = side.contacts[0]
        side.contacts[0] = ContactAudit(id: contact.id, account: contact.account, texts: contact.texts, shown: ThreeFields(leads[1]))
        #expect(Comparison(leads: [leads[1]], registered: leads, side: side).isClean)
    }

    @Test func `another score, and what belongs to a lead that Marketo does not have, are stale`() {
        let leads = [self.lead(1, score: 5)]
        var side = self.side([self.lead(1, score: 4)])
        side.links.append(LinkAudit(lead: LeadID(rawValue: 7), contact: ContactID(rawValue: 101), isPrimary: false))
        side.quarantined = [LeadID(rawValue: 9)]
        #expect(self.found(Comparison(leads: leads, side: side)) == ["stale lead 7", "stale lead 9", "stale contact 101"])
    }

    @Test func `the server parses every statement of the comparison`() async throws {
        try await withPool { pool in
            try await expectServerParses(
                [ContactAuditPage.self, LinkAuditPage.self, AccountAuditPage.self, QuarantineAudit.self, SideCounts.self], pool)
        }
    }
}
