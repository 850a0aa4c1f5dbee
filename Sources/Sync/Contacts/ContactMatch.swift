/// Decides which contacts a batch of leads belongs to, one lead after the other.
///
/// Fed once with every contact that may matter to the batch; remembers what it decided, so that two leads of one batch with one address end at one
/// contact. Go through a batch by `decide(_ leads:)`, which takes the lowest id first: that one is the primary.
/// Source: R5–R8, R13, R40–R42, R63, R65, D4, D9, D10, D18, CONTRACT 5 "settled details".
package struct ContactMatch: Sendable {
    private struct Contact {
        let target: ContactDecision.Target
        let hasAccount: Bool
        var shown: ThreeFields
        var leads: Set<LeadID>
    }

    private let settings: TenantSettings
    private var contacts: [ContactDecision.Target: Contact] = [:]
    /// The living, the oldest first.
    private var byEmail: [EmailKey: [ContactDecision.Target]] = [:]
    private var byLead: [LeadID: [ContactDecision.Target]] = [:]
    /// Leads whose contact was deleted.
    private var deleted: Set<LeadID> = []

    /// `candidates` in any order.
    package init(candidates: [ContactCandidate], settings: TenantSettings) {
        self.settings = settings
        for candidate in candidates.sorted(by: { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }) {
            let leads = candidate.leads.union([candidate.shown.leadID].compactMap(\.self))
            if candidate.isDeleted {
                self.deleted.formUnion(leads)
                continue
            }
            self.enter(
                Contact(target: .existing(candidate.id), hasAccount: candidate.hasAccount, shown: candidate.shown, leads: candidate.leads),
                email: candidate.emailKey, findableBy: leads)
        }
    }

    /// The decisions for a batch, by rising lead id.
    ///
    /// A lead that is there twice is decided once, by its last reading.
    package mutating func decide(_ leads: [Lead]) -> [ContactDecision] {
        self.decide(leads, emails: leads.map { EmailAddress.read($0.email) })
    }

    /// The same for leads whose addresses have been read already: `emails[i]` is that of `leads[i]`.
    package mutating func decide(_ leads: [Lead], emails: [EmailAddress.Reading]) -> [ContactDecision] {
        let lastPlaces = Dictionary(leads.indices.map { (leads[$0].id, $0) }) { _, later in later }
        return lastPlaces.sorted { $0.key < $1.key }.map { self.decide(leads[$0.value], email: emails[$0.value]) }
    }

    /// The decision for one lead.
    package mutating func decide(_ lead: Lead) -> ContactDecision { self.decide(lead, email: EmailAddress.read(lead.email)) }

    private mutating func decide(_ lead: Lead, email: EmailAddress.Reading) -> ContactDecision {
        if let score = lead.leadScore, Int32(exactly: score) == nil {
            return ContactDecision(lead: lead.id, outcome: .quarantine(.scoreOutOfRange, value: String(score)), notes: [])
        }
        let sharing: [ContactDecision.Target] = if case .valid(let address) = email { self.byEmail[address.key] ?? [] } else { [] }

        // By Lead ID first (R42), whatever the address is now: a contact that is there keeps its score (R40).
        if let own = self.byLead[lead.id], !own.isEmpty { return self.apply(lead, to: own, rule: .leadID, sharing: sharing) }
        switch email {
        case .invalid(let text): return ContactDecision(lead: lead.id, outcome: .quarantine(.emailInvalid, value: text), notes: [])
        case .missing where self.settings.leadsWithoutEmail == .quarantine && !self.isHeldBack(lead.id):
            return ContactDecision(lead: lead.id, outcome: .quarantine(.emailMissing, value: nil), notes: [])
        case .missing, .valid: break
        }
        if let oldest = sharing.first { return self.apply(lead, to: [oldest], rule: .email, sharing: sharing) }
        if self.isHeldBack(lead.id) { return ContactDecision(lead: lead.id, outcome: .tombstone, notes: []) }

        let key: EmailKey? = if case .valid(let address) = email { address.key } else { nil }
        self.enter(
            Contact(target: .madeOf(lead.id), hasAccount: false, shown: ThreeFields(lead), leads: [lead.id]), email: key, findableBy: [lead.id])
        return ContactDecision(lead: lead.id, outcome: .create, notes: [])
    }

    private func isHeldBack(_ lead: LeadID) -> Bool { self.settings.deletedContact == .tombstone && self.deleted.contains(lead) }

    private mutating func enter(_ contact: Contact, email: EmailKey?, findableBy leads: Set<LeadID>) {
        self.contacts[contact.target] = contact
        if let email { self.byEmail[email, default: []].append(contact.target) }
        for lead in leads { self.byLead[lead, default: []].append(contact.target) }
    }

    private mutating func apply(
        _ lead: Lead, to targets: [ContactDecision.Target], rule: MatchRule, sharing: [ContactDecision.Target]
    ) -> ContactDecision {
        var notes: [SyncNote] = []
        var links: [ContactDecision.Link] = []
        for target in targets {
            guard var contact = self.contacts[target] else { continue }
            let others = contact.leads.subtracting([lead.id])
            let isPrimary = others.allSatisfy { lead.id < $0 }
            let fields = ThreeFields(lead)
            links.append(
                ContactDecision.Link(
                    contact: target, rule: rule, isNew: !contact.leads.contains(lead.id), isPrimary: isPrimary,
                    changes: isPrimary ? contact.shown.changes(to: fields, rule: rule) : [], needsAccount: !contact.hasAccount))
            if rule == .email, let other = others.min() {
                let text = "Leads \(min(other, lead.id)) and \(max(other, lead.id)) have one e-mail address and share a contact."
                notes.append(SyncNote(.possibleDuplicate, lead: lead.id, contact: target.existingID, text: text))
            }
            contact.leads.insert(lead.id)
            if isPrimary { contact.shown = fields }
            self.contacts[target] = contact
            if rule == .email { self.byLead[lead.id, default: []].append(target) }
        }
        for left in sharing where !targets.contains(left) {
            let text = "The contact has the e-mail address of lead \(lead.id), which another contact holds; it was left as it is."
            notes.append(SyncNote(.possibleDuplicate, lead: lead.id, contact: left.existingID, text: text))
        }
        return ContactDecision(lead: lead.id, outcome: .apply(links), notes: notes)
    }
}

extension ContactDecision.Target {
    /// The contact's number, if it has one yet.
    package var existingID: ContactID? {
        switch self {
        case .existing(let id): id
        case .madeOf: nil
        }
    }
}
