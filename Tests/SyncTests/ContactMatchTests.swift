import FoundationEssentials
import Sync
import Testing

@Suite struct ContactMatchTests {
    private func lead(_ id: Int64, _ email: String? = "a@b.jp", score: Int? = nil) -> Lead {
        Lead(id: LeadID(rawValue: id), email: email, lastName: "山田", leadScore: score)
    }

    private func contact(
        _ id: Int64, _ email: String? = nil, lead: Int64? = nil, score: Int? = nil, leads: [Int64] = [], age: Double = 0, isDeleted: Bool = false,
        hasAccount: Bool = true
    ) -> ContactCandidate {
        ContactCandidate(
            id: ContactID(rawValue: id), emailKey: EmailKey(email), createdAt: Date(timeIntervalSince1970: 1_000_000 - age), isDeleted: isDeleted,
            hasAccount: hasAccount, shown: ThreeFields(leadID: lead.map(LeadID.init(rawValue:)), score: score, acquisitionDate: nil),
            leads: Set((leads + [lead].compactMap(\.self)).map(LeadID.init(rawValue:))))
    }

    private func decide(_ leads: [Lead], _ candidates: [ContactCandidate] = [], _ settings: [String: String] = [:]) throws -> [ContactDecision] {
        var match = ContactMatch(candidates: candidates, settings: try TenantSettings(overrides: settings))
        return match.decide(leads)
    }

    private func links(_ decision: ContactDecision?) -> [ContactDecision.Link] { if case .apply(let links) = decision?.outcome { links } else { [] } }

    @Test func `R7 a lead that nobody matches becomes a contact`() throws {
        let decisions = try self.decide([self.lead(1)])
        #expect(decisions.map(\.outcome) == [.create])
        #expect(decisions.first?.notes == [])
    }

    @Test func `R40 the Lead ID matches whatever the e-mail is, even one that became invalid`() throws {
        for email in ["other@b.jp", "foo@@bar", nil] {
            let link = self.links(try self.decide([self.lead(1, email, score: 5)], [self.contact(9, "a@b.jp", lead: 1)]).first).first
            #expect(link?.rule == .leadID)
            #expect(link?.contact == .existing(ContactID(rawValue: 9)))
            #expect(link?.changes == [FieldChange("lead_score", nil, "5", .leadID)])
            #expect(link?.isNew == false)
        }
    }

    @Test func `R41 R8 an equal e-mail links the contact and makes no other`() throws {
        let link = self.links(try self.decide([self.lead(1, "A@B.jp")], [self.contact(9, "a@b.JP ")]).first).first
        #expect(link?.rule == .email)
        #expect(link?.isNew == true)
        #expect(link?.isPrimary == true)
        #expect(link?.changes == [FieldChange("lead_id", nil, "1", .email)])
    }

    @Test func `R42 the Lead ID wins over the e-mail; the other contact is left, with a note`() throws {
        let decision = try self.decide([self.lead(1)], [self.contact(8, "a@b.jp", age: 9), self.contact(9, "x@b.jp", lead: 1)]).first
        #expect(self.links(decision).map(\.contact) == [.existing(ContactID(rawValue: 9))])
        #expect(decision?.notes.map(\.kind) == [.possibleDuplicate])
        #expect(decision?.notes.map(\.contact) == [ContactID(rawValue: 8)])
    }

    @Test func `R42 of several contacts with one e-mail the oldest is taken, equally old ones by number`() throws {
        let candidates = [self.contact(7, "a@b.jp"), self.contact(5, "a@b.jp", age: 50), self.contact(6, "a@b.jp", age: 50)]
        let decision = try self.decide([self.lead(1)], candidates).first
        #expect(self.links(decision).map(\.contact) == [.existing(ContactID(rawValue: 5))])
        #expect(decision?.notes.map(\.contact) == [ContactID(rawValue: 6), ContactID(rawValue: 7)])
    }

    @Test func `D4 two leads of one batch with one e-mail make one contact, the lower id first`() throws {
        let decisions = try self.decide([self.lead(2), self.lead(1)])
        #expect(decisions.map(\.lead.rawValue) == [1, 2])
        #expect(decisions.first?.outcome == .create)
        let link = self.links(decisions.last).first
        #expect(link?.contact == .madeOf(LeadID(rawValue: 1)))
        #expect(link?.isPrimary == false)
        #expect(link?.changes == [])
    }

    @Test func `D4 a lead with a lower id that comes later becomes the one that is shown`() throws {
        let link = self.links(try self.decide([self.lead(1, score: 3)], [self.contact(9, "a@b.jp", lead: 2, score: 8)]).first).first
        #expect(link?.isPrimary == true)
        #expect(link?.changes.map(\.what) == ["lead_id", "lead_score"])
    }

    @Test func `D4 the lead that is not shown changes nothing in the contact`() throws {
        let link = self.links(try self.decide([self.lead(2, score: 3)], [self.contact(9, "a@b.jp", lead: 1, score: 8, leads: [2])]).first).first
        #expect(link?.isNew == false)
        #expect(link?.changes == [])
    }

    @Test func `R63 R5 only Lead ID, score and acquisition date are ever changed, and nothing if they are equal`() throws {
        var lead = self.lead(1, score: 5)
        lead.company = "another"
        lead.lastName = "another"
        let link = self.links(try self.decide([lead], [self.contact(9, "a@b.jp", lead: 1, score: 5)]).first).first
        #expect(link?.changes == [])
        lead.leadScore = nil
        lead.acquisitionDate = Date(timeIntervalSince1970: 0)
        let changed = self.links(try self.decide([lead], [self.contact(9, "a@b.jp", lead: 1, score: 5)]).first).first
        #expect(
            changed?.changes == [
                FieldChange("lead_score", "5", nil, .leadID), FieldChange("acquisition_date", nil, "1970-01-01T00:00:00Z", .leadID),
            ])
    }

    @Test func `R65 an invalid e-mail goes to quarantine, and comes back once it is mended`() throws {
        #expect(try self.decide([self.lead(1, "foo@@bar")]).map(\.outcome) == [.quarantine(.emailInvalid, value: "foo@@bar")])
        #expect(try self.decide([self.lead(1, "foo@bar.jp")]).map(\.outcome) == [.create])
    }

    @Test func `D10 a lead without e-mail is registered, or held back if the setting says so`() throws {
        #expect(try self.decide([self.lead(1, nil), self.lead(2, " ")]).map(\.outcome) == [.create, .create])
        let held = try self.decide([self.lead(1, nil)], [], ["leads-without-email": "quarantine"])
        #expect(held.map(\.outcome) == [.quarantine(.emailMissing, value: nil)])
    }

    @Test func `D9 a deleted contact is not made again, unless the setting says so`() throws {
        let deleted = [self.contact(9, "a@b.jp", lead: 1, isDeleted: true)]
        #expect(try self.decide([self.lead(1)], deleted).map(\.outcome) == [.tombstone])
        #expect(try self.decide([self.lead(1, nil)], deleted).map(\.outcome) == [.tombstone])
        #expect(try self.decide([self.lead(1)], deleted, ["deleted-contact": "recreate"]).map(\.outcome) == [.create])
    }

    @Test func `D9 a lead whose contact was deleted still goes to a living contact with its e-mail`() throws {
        let candidates = [self.contact(9, "a@b.jp", lead: 1, age: 9, isDeleted: true), self.contact(10, "a@b.jp")]
        let decision = try self.decide([self.lead(1)], candidates).first
        #expect(self.links(decision).map(\.contact) == [.existing(ContactID(rawValue: 10))])
    }

    @Test func `D18 a matched contact without account gets one, an account that is there is kept`() throws {
        let without = self.links(try self.decide([self.lead(1)], [self.contact(9, "a@b.jp", hasAccount: false)]).first).first
        #expect(without?.needsAccount == true)
        #expect(self.links(try self.decide([self.lead(1)], [self.contact(9, "a@b.jp")]).first).first?.needsAccount == false)
    }

    @Test func `after a merge both contacts hold the winner and both follow it`() throws {
        let decision = try self.decide([self.lead(1, score: 4)], [self.contact(8, "a@b.jp", lead: 1), self.contact(9, "c@d.jp", lead: 1)]).first
        #expect(self.links(decision).map(\.changes.count) == [1, 1])
        #expect(decision?.notes == [])
    }

    @Test func `a score that no contact can hold is listed, and the others of its batch go on`() throws {
        let decisions = try self.decide([self.lead(1, "x@y.jp", score: 3_000_000_000), self.lead(2, score: -7)])
        #expect(decisions.map(\.outcome) == [.quarantine(.scoreOutOfRange, value: "3000000000"), .create])
    }

    @Test(arguments: Seeded.seeds)
    func `R6 each eligible lead ends at one contact, and a second round changes nothing`(seed: UInt64) throws {
        var random = Seeded(seed: seed)
        for _ in 0..<100 {
            let leads = (1...30).map { self.lead($0, "\(Int.random(in: 1...12, using: &random))@b.jp", score: Int.random(in: 0...3, using: &random)) }
            let candidates = (1...5).map { self.contact(100 + $0, "\($0)@b.jp", age: Double.random(in: 0...9, using: &random)) }
            let first = try self.decide(leads.shuffled(using: &random), candidates)
            var held: [ContactDecision.Target: Set<Int64>] = [:]
            for decision in first {
                switch decision.outcome {
                case .create: held[.madeOf(decision.lead), default: []].insert(decision.lead.rawValue)
                case .apply(let links): for link in links { held[link.contact, default: []].insert(decision.lead.rawValue) }
                case .tombstone, .quarantine: Issue.record("Lead \(decision.lead) was refused.")
                }
            }
            #expect(held.values.map(\.count).reduce(0, +) == leads.count)
            #expect(held.count == Set(leads.map(\.email)).count)
            let after = held.map { target, ids in
                let primary = leads.first { $0.id.rawValue == ids.min() }
                let id = target.existingID?.rawValue ?? (ids.min() ?? 0) + 1000
                return self.contact(id, primary?.email, lead: ids.min(), score: primary?.leadScore, leads: Array(ids))
            }
            for decision in try self.decide(leads, after) {
                #expect(self.links(decision).count == 1)
                #expect(self.links(decision).allSatisfy { $0.changes.isEmpty && !$0.isNew })
            }
        }
    }
}
