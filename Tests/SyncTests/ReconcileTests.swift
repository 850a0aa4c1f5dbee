import Foundation
import Testing

@testable import Sync

/// What the comparison of both sides takes for a difference: exactly what the sync itself would still change.
@Suite struct ReconcileTests {
    /// A side in which everything is as the sync makes it.
    private struct Side {
        var leads: [LeadID: Lead] = [:]
        var standings: [LeadID: LeadStanding] = [:]
        var candidates: [ContactID: ContactCandidate] = [:]
        var settings = TenantSettings()

        /// Registers `leads` by the rules of the sync, as a load does.
        init(_ leads: [Lead], settings: TenantSettings = TenantSettings()) {
            self.settings = settings
            self.leads = Dictionary(leads.map { ($0.id, $0) }) { first, _ in first }
            var match = ContactMatch(candidates: [], settings: settings)
            var linked: [ContactID: Set<LeadID>] = [:]
            var home: [LeadID: ContactID] = [:]
            for decision in match.decide(leads) {
                switch decision.outcome {
                case .create: home[decision.lead] = ContactID(rawValue: 1_000 + decision.lead.rawValue)
                case .apply(let links): if case .madeOf(let other)? = links.first?.contact { home[decision.lead] = home[other] }
                case .quarantine(let reason, let value):
                    self.standings[decision.lead] = LeadStanding(
                        lead: decision.lead, entry: LeadStanding.Entry(reason: reason.rawValue, value: value))
                case .tombstone: break
                }
                if let contact = home[decision.lead] { linked[contact, default: []].insert(decision.lead) }
            }
            for (contact, ids) in linked {
                guard let lowest = ids.min(), let lead = self.leads[lowest] else { continue }
                self.candidates[contact] = ContactCandidate(
                    id: contact, emailKey: lead.emailKey, createdAt: .distantPast, shown: ThreeFields(lead), leads: ids)
                for id in ids {
                    self.standings[id] = LeadStanding(lead: id, links: [LeadStanding.Link(contact: contact, isPrimary: id == lowest)])
                }
            }
        }

        func compare(unreadable: Set<LeadID> = []) -> LeadComparison {
            let known = Set(self.leads.keys).union(self.standings.keys).union(unreadable).sorted()
            return LeadComparison(
                LeadComparison.Answer(asked: known, leads: Array(self.leads.values), unreadable: unreadable),
                standings: Array(self.standings.values), candidates: Array(self.candidates.values), settings: self.settings)
        }

        /// Kind and lead of each difference.
        func found(unreadable: Set<LeadID> = []) -> [String] {
            self.compare(unreadable: unreadable).differences.map { "\($0.kind.rawValue) \($0.lead)" }
        }

        /// Another standing of one lead.
        mutating func change(
            _ id: Int64, isLost: Bool = false, entry: LeadStanding.Entry?? = nil, links: [LeadStanding.Link]? = nil, strays: [ContactID] = [],
            work: LeadStanding.Work = .none
        ) {
            let lead = LeadID(rawValue: id)
            let old = self.standings[lead] ?? LeadStanding(lead: lead)
            self.standings[lead] = LeadStanding(
                lead: lead, isLost: isLost, entry: entry ?? old.entry, links: links ?? old.links, strays: strays, work: work)
        }
    }

    private static func lead(_ id: Int64, _ email: String? = nil, score: Int? = nil) -> Lead {
        Lead(id: LeadID(rawValue: id), email: email ?? "lead\(id)@example.com", lastName: "山田", leadScore: score)
    }

    @Test(arguments: Seeded.seeds)
    func `what the sync has registered differs in nothing, and one change in Marketo is one difference`(seed: UInt64) {
        var random = Seeded(seed: seed)
        let leads = (1...120).map { id -> Lead in
            let email = ["a\(Int.random(in: 1...70, using: &random))@example.com", "no address", nil][
                [0, 0, 0, 0, 1, 2].randomElement(using: &random) ?? 0]
            let score: Int? =
                Bool.random(using: &random) ? Int.random(in: -5...99, using: &random) : [nil, 1 << 40].randomElement(using: &random) ?? nil
            return Lead(id: LeadID(rawValue: Int64(id)), email: email, leadScore: score)
        }
        let side = Side(leads)
        #expect(side.found() == [])
        for _ in 1...30 {
            guard var lead = leads.randomElement(using: &random) else { return }
            lead.leadScore = (lead.leadScore.flatMap { Int32(exactly: $0) }.map(Int.init) ?? 0) + 1_000
            var changed = side
            changed.leads[lead.id] = lead
            let standing = side.standings[lead.id]
            // A contact shows the lowest of its leads; what another one says shows nowhere.
            let shows = standing?.links.first?.isPrimary == true
            let wasListedForScore = standing?.entry?.reason == QuarantineReason.scoreOutOfRange.rawValue
            #expect(changed.found() == (shows || wasListedForScore ? ["stale \(lead.id)"] : []), "lead \(lead.id)")
        }
        for id in leads.map(\.id).shuffled(using: &random).prefix(20) {
            var gone = side
            gone.leads[id] = nil
            #expect(gone.found() == ["extra \(id)"])
            gone.change(id.rawValue, isLost: true)
            #expect(gone.found() == [])
            var unknown = side
            unknown.standings[id] = nil
            if let contact = side.standings[id]?.links.first?.contact, let former = unknown.candidates[contact], former.leads.count == 1 {
                unknown.candidates[contact] = nil
            }
            #expect(unknown.found().contains("missing \(id)") || unknown.candidates.values.contains { $0.leads.contains(id) && $0.leads.count > 1 })
        }
    }

    @Test func `a lead without a contact is missing; one in quarantine, held back or waiting is not`() {
        var side = Side([Self.lead(1), Self.lead(2), Self.lead(3), Self.lead(4, "foo@@bar"), Self.lead(5)])
        for id in [1, 2, 3, 5] as [Int64] {
            side.standings[LeadID(rawValue: id)] = nil
            side.candidates[ContactID(rawValue: 1_000 + id)] = nil
        }
        side.change(2, work: .waiting)
        // D9: a user has deleted its contact.
        let deleted = ContactID(rawValue: 1_003)
        side.candidates[deleted] = ContactCandidate(
            id: deleted, emailKey: nil, createdAt: .distantPast, isDeleted: true, leads: [LeadID(rawValue: 3)])
        side.change(3, links: [LeadStanding.Link(contact: deleted, state: "contact_deleted", isAlive: false)])
        #expect(side.found() == ["missing 1", "missing 5"])
        // A job is at it: it can't be told yet.
        side.change(5, work: .running)
        #expect(side.compare().busy == [LeadID(rawValue: 5)])
    }

    @Test func `R65: an entry in quarantine that no longer holds, or for another reason, is stale; none where one belongs is missing`() {
        var side = Side([Self.lead(1), Self.lead(2, "foo@@bar"), Self.lead(3, "foo@@baz"), Self.lead(4, "bar@@foo")])
        side.change(1, entry: LeadStanding.Entry(reason: "email_invalid", value: "x@@y"))
        side.change(2, entry: LeadStanding.Entry(reason: "email_invalid", value: "another@@one"))
        side.change(3, entry: .some(nil))
        #expect(side.found() == ["stale 1", "stale 2", "missing 3"])
    }

    @Test func `a lead that can't be read belongs into quarantine for that`() {
        var side = Side([Self.lead(1)])
        side.leads = [:]
        side.change(3, entry: LeadStanding.Entry(reason: "unreadable", value: "leadScore"))
        let ids = Set([1, 2, 3].map { LeadID(rawValue: $0) })
        #expect(side.found(unreadable: ids) == ["stale 1", "missing 2"])
    }

    @Test func `D4: a contact of several leads shows the lowest; one that shows another is stale`() {
        let leads = [Self.lead(2, "a@example.com", score: 5), Self.lead(3, "a@example.com", score: 9)]
        var side = Side(leads)
        #expect(side.found() == [])
        let contact = ContactID(rawValue: 1_002)
        side.candidates[contact] = ContactCandidate(
            id: contact, emailKey: leads[0].emailKey, createdAt: .distantPast, shown: ThreeFields(leads[1]), leads: Set(leads.map(\.id)))
        #expect(side.found() == ["stale 2", "stale 3"])
    }

    @Test func `R13: a contact goes on to show a deleted lead until another of its leads has news`() {
        let leads = [Self.lead(2, "a@example.com", score: 5), Self.lead(3, "a@example.com", score: 9)]
        var side = Side(leads)
        let contact = ContactID(rawValue: 1_002)
        side.leads[LeadID(rawValue: 2)] = nil
        side.change(2, isLost: true, links: [LeadStanding.Link(contact: contact, state: "lead_deleted")])
        side.candidates[contact] = ContactCandidate(
            id: contact, emailKey: leads[0].emailKey, createdAt: .distantPast, shown: ThreeFields(leads[0]), leads: [LeadID(rawValue: 3)])
        #expect(side.found() == ["stale 3"])
        side.change(3, links: [LeadStanding.Link(contact: contact, isPrimary: false, showsDeleted: true)])
        #expect(side.found() == [])
    }

    @Test func `links that don't say what is there are stale, and a contact that shows a lead of which no link knows is extra`() {
        var side = Side([Self.lead(1), Self.lead(2), Self.lead(3)])
        side.change(1, links: [LeadStanding.Link(contact: ContactID(rawValue: 1_001), state: "lead_deleted")])
        side.change(2, links: [LeadStanding.Link(contact: ContactID(rawValue: 1_002), isPrimary: false)])
        let stray = ContactID(rawValue: 1_003)
        side.change(3, links: [], strays: [stray])
        side.candidates[stray] = ContactCandidate(
            id: stray, emailKey: nil, createdAt: .distantPast, shown: ThreeFields(Self.lead(3)), leads: [])
        #expect(side.found() == ["stale 1", "stale 2", "extra 3"])
    }

    @Test func `only what differs twice in the same way is a difference, and not while a job is at it`() {
        var side = Side((1...4).map { Self.lead($0) })
        for id in 1...4 as ClosedRange<Int64> {
            side.leads[LeadID(rawValue: id)]?.leadScore = 7
            // Not one of the fields that matter.
            side.leads[LeadID(rawValue: id)]?.updatedAt = Date(timeIntervalSince1970: Double(id))
        }
        var reconciliation = Reconciliation()
        reconciliation.takeFirst(side.compare(), leads: 4)
        #expect(reconciliation.suspects.map(\.rawValue) == [1, 2, 3, 4])
        // The first changes once more, the second was written meanwhile, at the third is a job; of the fourth only the stamp moves.
        side.leads[LeadID(rawValue: 1)]?.leadScore = 8
        side.leads[LeadID(rawValue: 2)]?.leadScore = nil
        side.change(3, work: .running)
        side.leads[LeadID(rawValue: 4)]?.updatedAt = .distantFuture
        reconciliation.takeSecond(side.compare())
        #expect(reconciliation.differences.map { "\($0.kind.rawValue) \($0.lead)" } == ["stale 4"])
        #expect(reconciliation.checked == 4)
        // Afterwards: mended, or not.
        var after = reconciliation.forAfterwards
        #expect(after.suspects.map(\.rawValue) == [4])
        after.takeSecond(side.compare())
        #expect(after.leads.map(\.rawValue) == [4])
    }
}
