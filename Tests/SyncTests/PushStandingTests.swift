import FoundationEssentials
import Sync
import Testing

/// What `reconcile` takes for a difference between the story of a contact and what Marketo shows.
@Suite struct PushStandingTests {
    private static let none: String? = nil

    private static func differs(_ rest: PushStanding.Rest, expected: String?, shown: [String: String?]?) -> Bool {
        let lead = LeadID(rawValue: 7)
        let standing = PushStanding(lead: lead, contact: ContactID(rawValue: 1), field: "mazrica_phase", expected: expected, rest: rest)
        let answer = LeadComparison.Answer(asked: [lead], leads: [Lead(id: lead, email: "a@example.com")], shown: shown.map { [lead: $0] } ?? [:])
        let candidate = ContactCandidate(
            id: ContactID(rawValue: 1), emailKey: Lead(id: lead, email: "a@example.com").emailKey, createdAt: .distantPast,
            shown: ThreeFields(leadID: lead, score: nil, acquisitionDate: nil), leads: [lead])
        let comparison = LeadComparison(
            answer, standings: [LeadStanding(lead: lead, links: [LeadStanding.Link(contact: ContactID(rawValue: 1))])], candidates: [candidate],
            settings: TenantSettings(), pushes: [standing])
        return !comparison.differences.isEmpty
    }

    @Test func `R22: what Marketo has confirmed and shows no more is a difference, a null too`() {
        #expect(Self.differs(.confirmed, expected: "提案", shown: ["mazrica_phase": "商談"]))
        #expect(Self.differs(.confirmed, expected: "提案", shown: ["mazrica_phase": Self.none]))
        #expect(Self.differs(.confirmed, expected: nil, shown: ["mazrica_phase": "商談"]))
        #expect(!Self.differs(.confirmed, expected: "提案", shown: ["mazrica_phase": "提案"]))
        #expect(!Self.differs(.confirmed, expected: nil, shown: ["mazrica_phase": Self.none]))
    }

    @Test func `D11: what was never sent, or laid aside for want of the field, is one once the field is there`() {
        for rest in [PushStanding.Rest.unnoted, .laidAside] {
            #expect(Self.differs(rest, expected: "提案", shown: ["mazrica_phase": Self.none]))
            #expect(!Self.differs(rest, expected: "提案", shown: ["mazrica_phase": "提案"]))
        }
    }

    @Test func `what is on its way, refused, or of a field that is not there is none`() {
        #expect(!Self.differs(.underWay, expected: "提案", shown: ["mazrica_phase": "商談"]))
        #expect(!Self.differs(.confirmed, expected: "提案", shown: [:]))
        #expect(!Self.differs(.confirmed, expected: "提案", shown: nil))
    }
}
