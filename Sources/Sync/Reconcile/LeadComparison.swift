/// Some leads as Marketo shows them now against what is on record of them here.
///
/// What should be here is what the sync itself would decide about these leads (`ContactMatch`): whatever it would still change is a difference. A lead that
/// waits to be read again or to be written down is none, and of one that a job is at right now it can't be told yet.
package struct LeadComparison: Sendable {
    /// What was asked, and what came of it.
    package struct Answer: Sendable {
        /// The ids that were asked for.
        package let asked: [LeadID]
        /// Those that are there, free of what no database text can hold.
        package let leads: [Lead]
        /// Those that are there with a value that is not of its field's type.
        package let unreadable: Set<LeadID>
        /// What each lead shows in the fields that the sync writes, by REST name; a field that is not there is left out.
        package let shown: [LeadID: [String: String?]]

        /// Of `asked`, `leads` and `unreadable` are there.
        package init(asked: [LeadID], leads: [Lead], unreadable: Set<LeadID> = [], shown: [LeadID: [String: String?]] = [:]) {
            self.asked = asked
            self.leads = leads
            self.unreadable = unreadable
            self.shown = shown
        }
    }

    /// By rising lead id; at most one of a kind for a lead.
    package private(set) var differences: [LeadDifference] = []
    /// What the read said of each lead that differs.
    package private(set) var glimpses: [LeadID: LeadGlimpse] = [:]
    /// Of the leads that differ those that a job is at right now.
    package private(set) var busy: Set<LeadID> = []

    private let standings: [LeadID: LeadStanding]
    private let contacts: [ContactID: ContactCandidate]

    /// Compares.
    ///
    /// - Parameters:
    ///   - standings: of the leads that were asked for; one of which nothing is on record may be left out.
    ///   - candidates: every contact that may matter to the leads that are there, as for applying them.
    ///   - pushes: what Marketo should show of them.
    package init(
        _ answer: Answer, standings: [LeadStanding], candidates: [ContactCandidate], settings: TenantSettings, pushes: [PushStanding] = []
    ) {
        let pushes = Dictionary(grouping: pushes, by: \.lead)
        self.standings = Dictionary(standings.map { ($0.lead, $0) }) { first, _ in first }
        self.contacts = Dictionary(candidates.map { ($0.id, $0) }) { first, _ in first }
        var match = ContactMatch(candidates: candidates, settings: settings)
        let leads = Dictionary(answer.leads.map { ($0.id, $0) }) { _, later in later }
        let decisions = Dictionary(match.decide(answer.leads).map { ($0.lead, $0.outcome) }) { first, _ in first }
        for id in Set(answer.asked).sorted() {
            let standing = self.standings[id] ?? LeadStanding(lead: id)
            guard standing.work != .waiting else { continue }
            if let lead = leads[id], let outcome = decisions[id] {
                let unsent = (pushes[id] ?? []).compactMap { $0.difference(from: answer.shown[id]) }
                self.take(Self.differences(of: standing, outcome, self.contacts) + unsent, LeadGlimpse(lead), standing)
            } else if answer.unreadable.contains(id) {
                self.take(Self.differences(ofUnreadable: standing), .unreadable, standing)
            } else {
                self.take(Self.differences(ofAbsent: standing), .absent, standing)
            }
        }
    }

    private mutating func take(_ found: [LeadDifference], _ glimpse: LeadGlimpse, _ standing: LeadStanding) {
        guard !found.isEmpty else { return }
        var kinds: Set<LeadDifference.Kind> = []
        self.differences += found.filter { kinds.insert($0.kind).inserted }
        self.glimpses[standing.lead] = glimpse
        if standing.work == .running { self.busy.insert(standing.lead) }
    }

    /// Of a lead that is there.
    private static func differences(
        of standing: LeadStanding, _ outcome: ContactDecision.Outcome, _ contacts: [ContactID: ContactCandidate]
    ) -> [LeadDifference] {
        let lead = standing.lead
        switch outcome {
        case .create where standing.entry == nil: return [LeadDifference(.missing, lead, "it has no contact")]
        case .create, .tombstone: return self.needlessEntry(standing)
        case .quarantine(let reason, let value):
            if standing.entry == LeadStanding.Entry(reason: reason.rawValue, value: value) { return [] }
            if standing.entry != nil { return [LeadDifference(.stale, lead, "it is in quarantine for a reason that no longer holds")] }
            return [LeadDifference(standing.living.isEmpty ? .missing : .stale, lead, "it can't be registered, but it is not in quarantine")]
        case .apply(let links): return self.needlessEntry(standing) + links.flatMap { self.differences(of: standing, $0, contacts) }
        }
    }

    private static func needlessEntry(_ standing: LeadStanding) -> [LeadDifference] {
        standing.entry == nil ? [] : [LeadDifference(.stale, standing.lead, "it is in quarantine without a reason")]
    }

    /// Of a lead and one contact that should be its own.
    private static func differences(
        of standing: LeadStanding, _ link: ContactDecision.Link, _ contacts: [ContactID: ContactCandidate]
    ) -> [LeadDifference] {
        let lead = standing.lead
        guard case .existing(let contact) = link.contact, let record = contacts[contact] else {
            return standing.entry == nil ? [LeadDifference(.missing, lead, "it has no contact")] : []
        }
        guard let known = standing.links.first(where: { $0.contact == contact && $0.state != "merged" }) else {
            if standing.strays.contains(contact) {
                return [LeadDifference(.extra, lead, contact: contact, "contact \(contact) shows it, but no link knows of that")]
            }
            // Of one that is listed it was said already that its entry no longer holds.
            guard standing.entry == nil else { return [] }
            return [LeadDifference(.missing, lead, contact: contact, "contact \(contact) has its address, but is not linked with it")]
        }
        if known.state != "active" {
            return [LeadDifference(.stale, lead, contact: contact, "it is there, and so is contact \(contact), but their link is \(known.state)")]
        }
        if !link.changes.isEmpty, !known.showsDeleted {
            let columns = link.changes.map(\.what).joined(separator: ", ")
            return [LeadDifference(.stale, lead, contact: contact, "contact \(contact) does not show what it says (\(columns))")]
        }
        if known.isPrimary != (record.shown.leadID == lead) {
            let said = known.isPrimary ? "" : " not"
            return [LeadDifference(.stale, lead, contact: contact, "it is\(said) said to be what contact \(contact) shows")]
        }
        return []
    }

    private static func differences(ofUnreadable standing: LeadStanding) -> [LeadDifference] {
        guard standing.entry?.reason != "unreadable" else { return [] }
        let isKnown = standing.entry != nil || !standing.living.isEmpty
        return [LeadDifference(isKnown ? .stale : .missing, standing.lead, "it can't be read, but it is not in quarantine for that")]
    }

    /// Of an id at which Marketo shows nothing.
    private static func differences(ofAbsent standing: LeadStanding) -> [LeadDifference] {
        guard !standing.isLost else { return [] }
        let lead = standing.lead
        if let contact = standing.living.first ?? standing.strays.first {
            return [LeadDifference(.extra, lead, contact: contact, "Marketo does not show it, but contact \(contact) is linked as if it did")]
        }
        return standing.entry == nil ? [] : [LeadDifference(.extra, lead, "Marketo does not show it, but it is still in quarantine")]
    }
}
