import Sync

/// What a batch of leads means for the database: the rules' decisions, sorted by what is to be written.
struct ContactPlan {
    /// A contact to be made.
    struct Draft {
        let lead: MirroredLead
        let job: Int64
        /// What it shows: another lead than `lead`, if one with a lower id and the same address is of the same batch (D4).
        var fields: ThreeFields
    }

    /// A link to be written.
    struct Link {
        let lead: MirroredLead
        let target: ContactDecision.Target
        let rule: MatchRule
        let isNew: Bool
        let job: Int64
    }

    /// A contact that gets an account by the rules, by the lead that tells which.
    struct Homeless {
        let lead: MirroredLead
        let target: ContactDecision.Target
        let job: Int64
    }

    private(set) var drafts: [LeadID: Draft] = [:]
    private(set) var links: [Link] = []
    private(set) var updates: [ContactID: ContactUpdate] = [:]
    private(set) var homeless: [ContactDecision.Target: Homeless] = [:]
    private(set) var quarantine: [QuarantineEntry] = []
    private(set) var registered: [LeadToApply] = []
    private(set) var heldBack: [LeadToApply] = []
    private(set) var notes: [(note: SyncNote, target: ContactDecision.Target?)] = []

    /// `jobs` tells for each lead which job asked.
    init(leads: [MirroredLead], candidates: [ContactCandidate], settings: TenantSettings, jobs: [LeadID: Int64]) {
        var match = ContactMatch(candidates: candidates, settings: settings)
        let byID = Dictionary(leads.map { ($0.lead.id, $0) }, uniquingKeysWith: { _, later in later })
        for decision in match.decide(leads.map(\.lead), emails: leads.map(\.email)) {
            guard let lead = byID[decision.lead] else { continue }
            self.take(decision, lead, job: jobs[decision.lead] ?? 0)
        }
    }

    private mutating func take(_ decision: ContactDecision, _ lead: MirroredLead, job: Int64) {
        if lead.wasCleaned {
            let text = "A text of lead \(decision.lead) held the character U+0000, which was dropped."
            self.notes.append((SyncNote(.textCleaned, lead: decision.lead, contact: nil, text: text), nil))
        }
        let made = ContactDecision.Target.madeOf(decision.lead)
        switch decision.outcome {
        case .create:
            self.registered.append(LeadToApply(lead: decision.lead, job: job))
            self.drafts[decision.lead] = Draft(lead: lead, job: job, fields: ThreeFields(lead.lead))
            self.links.append(Link(lead: lead, target: made, rule: .new, isNew: true, job: job))
            self.homeless[made] = Homeless(lead: lead, target: made, job: job)
        case .apply(let links):
            self.registered.append(LeadToApply(lead: decision.lead, job: job))
            for link in links { self.take(link, lead, job: job) }
        case .quarantine(let reason, let value):
            self.quarantine.append(
                QuarantineEntry(
                    lead: decision.lead, reason: reason.rawValue, value: value, observedAt: lead.observedAt, snapshot: lead.snapshot, job: job))
        case .tombstone: self.heldBack.append(LeadToApply(lead: decision.lead, job: job))
        }
        for note in decision.notes { self.notes.append((note, self.target(of: note, decision))) }
    }

    private mutating func take(_ link: ContactDecision.Link, _ lead: MirroredLead, job: Int64) {
        self.links.append(Link(lead: lead, target: link.contact, rule: link.rule, isNew: link.isNew, job: job))
        if link.isPrimary {
            switch link.contact {
            case .existing(let contact):
                if !link.changes.isEmpty {
                    self.updates[contact] = ContactUpdate(contact: contact, fields: ThreeFields(lead.lead), rule: link.rule, job: job)
                }
            case .madeOf(let other): self.drafts[other]?.fields = ThreeFields(lead.lead)
            }
        }
        if link.needsAccount, self.homeless[link.contact] == nil {
            self.homeless[link.contact] = Homeless(lead: lead, target: link.contact, job: job)
        }
    }

    /// The contact a note is about: its own, else the one contact of the decision.
    private func target(of note: SyncNote, _ decision: ContactDecision) -> ContactDecision.Target? {
        if let contact = note.contact { return .existing(contact) }
        if case .apply(let links) = decision.outcome { return links.first?.contact }
        return nil
    }
}
