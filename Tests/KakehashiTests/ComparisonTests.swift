import Fleet
import Foundation
import Store
import Sync
import Testing

@testable import Kakehashi

@Suite struct ComparisonTests {
    private func lead(_ id: Int64, email: String? = nil, score: Int? = nil) -> SimulatorControl.Lead {
        SimulatorControl.Lead(id: id, email: email ?? "lead\(id)@example.co.jp", leadScore: score, mktoAcquisitionDate: nil)
    }

    private func link(
        _ lead: Int64, contact: Int64, shown: Int64? = nil, score: Int? = nil, primary: Bool = true, rule: String = "created",
        state: String = "active",
        hasAccount: Bool = true
    ) -> LinkAudit {
        LinkAudit(
            lead: LeadID(rawValue: lead), isPrimary: primary, state: state, rule: rule, contact: contact, shownLead: LeadID(rawValue: shown ?? lead),
            score: score, acquisitionDate: nil, hasAccount: hasAccount)
    }

    @Test func `equal sides agree`() {
        let comparison = Comparison(
            leads: [self.lead(1, score: 5), self.lead(2)], links: [self.link(1, contact: 11, score: 5), self.link(2, contact: 12)], quarantined: [])
        #expect(comparison.isClean)
    }

    @Test func `a lead without contact, or whose contact has no account, is missing`() {
        let comparison = Comparison(leads: [self.lead(1), self.lead(2)], links: [self.link(2, contact: 12, hasAccount: false)], quarantined: [])
        #expect(comparison.missing == [1, 2])
    }

    @Test func `a lead with an invalid address belongs into quarantine, one with a valid address does not (R65)`() {
        let comparison = Comparison(leads: [self.lead(1, email: "foo@@bar"), self.lead(2)], links: [], quarantined: [1, 2])
        #expect(comparison.missing.isEmpty)
        #expect(comparison.stale == [2])
    }

    @Test func `two contacts of one lead, or of two leads with one address, are doubled (D4)`() {
        let comparison = Comparison(
            leads: [self.lead(1), self.lead(2, email: "A@example.com"), self.lead(3, email: "a@EXAMPLE.com")],
            links: [self.link(1, contact: 10), self.link(1, contact: 11), self.link(2, contact: 12), self.link(3, contact: 13)], quarantined: [])
        #expect(comparison.doubled == [1, 2, 3])
    }

    @Test func `two leads with one address share a contact, which shows the lower lead (D4)`() {
        let comparison = Comparison(
            leads: [self.lead(2, email: "a@example.com", score: 5), self.lead(3, email: "a@example.com", score: 9)],
            links: [self.link(2, contact: 12, score: 5), self.link(3, contact: 12, shown: 2, score: 5, primary: false)], quarantined: [])
        #expect(comparison.isClean)
    }

    @Test func `after a merge two contacts may hold the winner`() {
        let comparison = Comparison(
            leads: [self.lead(2, score: 5)], links: [self.link(2, contact: 12, score: 5), self.link(2, contact: 11, score: 5, rule: "merge")],
            quarantined: [])
        #expect(comparison.isClean)
    }

    @Test func `another score, and a link to a lead that Marketo no longer has, are stale`() {
        let comparison = Comparison(
            leads: [self.lead(1, score: 5)],
            links: [self.link(1, contact: 11, score: 4), self.link(7, contact: 17), self.link(8, contact: 18, state: "lead_deleted")],
            quarantined: [9])
        #expect(comparison.stale == [1, 7, 9])
    }

    @Test func `live changes touch no lead twice`() {
        let changes = LiveChanges(leads: (1...2_000).map { self.lead($0) }, quarantined: [5, 9, 11])
        let touched = changes.scored + changes.renamed + changes.deleted + changes.merges.flatMap { [$0.loser, $0.winner] } + changes.mended
        #expect(Set(touched).count == touched.count)
        #expect(changes.mended == [5, 9, 11])
        #expect(!changes.merges.isEmpty && !changes.deleted.isEmpty)
    }

    @Test func `live changes find something to do also among a handful of leads`() {
        let changes = LiveChanges(leads: [self.lead(1)], quarantined: [])
        #expect(changes.scored == [1])
        #expect(changes.merges.isEmpty)
    }
}
