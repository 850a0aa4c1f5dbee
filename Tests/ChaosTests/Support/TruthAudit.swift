import Simulator
import Store
import Sync

/// Compares what stands in the database with all that the leads ever were and all that users did.
///
/// Which version of a lead was read first is a matter of timing, so a contact's texts may be those of any of them; what the sync keeps up to date (the
/// three fields, links, quarantine) must be that of the last.
struct TruthAudit {
    let life: LeadLife
    let users: UserLife
    let side: MazricaSide
    /// Leads that the product lists as gone, with their state.
    var lost: [Int64: String] = [:]
    /// Contacts that are marked as deleted.
    var deleted: Set<Int64> = []
    /// Contacts whose address belongs to a lead that another contact holds, as a note says.
    var leftAlone: Set<Int64> = []
    private(set) var findings: [Finding] = []
    private let contacts: [Int64: ContactAudit]
    let linksOfLead: [Int64: [LinkAudit]]
    let linksOfContact: [Int64: [LinkAudit]]
    /// Leads that the product made of contacts.
    let madeByUs: Set<Int64>
    /// Leads that others went up in: they may hold several contacts.
    private let winners: Set<Int64>

    init(life: LeadLife, users: UserLife, side: MazricaSide) {
        self.life = life
        self.users = users
        self.side = side
        self.contacts = Dictionary(side.contacts.map { ($0.id.rawValue, $0) }) { first, _ in first }
        self.linksOfLead = Dictionary(grouping: side.links) { $0.lead.rawValue }
        self.linksOfContact = Dictionary(grouping: side.links) { $0.contact.rawValue }
        self.madeByUs = Set(life.marketo.leads().map(\.id)).subtracting(life.everyone)
        self.winners = Set(life.merged.keys.map { life.heir(of: $0) }).union(life.merged.values)
    }

    mutating func say(_ kind: Finding.Kind, _ record: String, _ text: String) {
        self.findings.append(Finding(kind: kind, record: record, text: text))
    }

    /// Looks at everything.
    mutating func look() {
        let everyone = self.life.everyone.union(self.madeByUs)
        for lead in everyone.sorted() {
            if self.life.marketo.lead(lead) == nil { self.lookAtGone(lead) } else { self.lookAtLiving(lead) }
        }
        for lead in Set(self.linksOfLead.keys).union(self.side.quarantined.map(\.rawValue)).subtracting(everyone).sorted() {
            self.say(.stale, "lead \(lead)", "Marketo never had such a lead")
        }
        for contact in self.side.contacts { self.lookAt(contact) }
        for contact in self.users.edits.keys.sorted() where self.contacts[contact] == nil {
            guard !self.users.deleted.contains(contact), !self.users.removed.contains(contact) else { continue }
            self.say(.lost, "contact \(contact)", "a user made or edited it, and it is gone")
        }
        self.lookAtAccounts(everyone)
        self.lookAtMarketo()
    }

    /// A lead that is there has a contact up to date, unless its address is bad or a user deleted its contact (R6, R62, R65).
    private mutating func lookAtLiving(_ lead: Int64) {
        let record = "lead \(lead)"
        let links = self.linksOfLead[lead] ?? []
        let own = links.filter { self.contacts[$0.contact.rawValue] != nil }
        let isListed = self.side.quarantined.contains(LeadID(rawValue: lead))
        if let state = self.lost[lead] { self.say(.stale, record, "it is there, and listed as \(state)") }
        for link in links {
            let isThere = self.contacts[link.contact.rawValue] != nil
            guard link.state != (isThere ? "active" : "contact_deleted") else { continue }
            self.say(.stale, record, "its link with contact \(link.contact) (\(isThere ? "there" : "deleted")) is \(link.state)")
        }
        if self.life.badAddresses.contains(lead) {
            if own.isEmpty, !isListed { self.say(.lost, record, "its address is bad, and it is not in quarantine") }
            if !own.isEmpty, isListed { self.say(.stale, record, "it has a contact, and is in quarantine") }
        } else {
            if isListed { self.say(.stale, record, "it is in quarantine without a reason") }
            if links.isEmpty { self.say(.lost, record, "it has no contact") }
        }
        let made = own.filter { $0.rule != "merge" }
        if made.count > 1, !self.winners.contains(lead) { self.say(.doubled, record, "contacts \(made.map(\.contact)) are all its own") }
    }

    /// A lead that is gone keeps its contact, and the link says how it went (R13); by news that no feed brings it is at least listed as missing.
    private mutating func lookAtGone(_ lead: Int64) {
        let record = "lead \(lead)"
        let links = self.linksOfLead[lead] ?? []
        if self.side.quarantined.contains(LeadID(rawValue: lead)), !self.life.goneLate.contains(lead) {
            self.say(.stale, record, "it is gone, and in quarantine")
        }
        let isMerged = self.life.merged[lead] != nil
        let expected = isMerged ? "merged" : "lead_deleted"
        for link in links where link.state != expected {
            if self.life.goneLate.contains(lead), self.lost[lead] == "missing" { continue }
            self.say(
                .stale, record,
                "it is \(isMerged ? "merged" : "deleted"), its link with contact \(link.contact) is \(link.state), listed as \(self.lost[lead] ?? "nothing")"
            )
        }
        guard isMerged, !self.life.goneLate.contains(lead) else { return }
        let heir = self.life.heir(of: lead)
        for link in links where !(self.linksOfLead[heir] ?? []).contains(where: { $0.contact == link.contact }) {
            if self.isHeirLate(of: lead) { continue }
            self.say(.lost, record, "its contact \(link.contact) did not go over to lead \(heir)")
        }
    }

    /// Whether a merge on the way from a lead to its heir is one that no feed tells of.
    private func isHeirLate(of lead: Int64) -> Bool {
        var step = lead
        while let next = self.life.merged[step] {
            if self.life.goneLate.contains(step) { return true }
            step = next
        }
        return false
    }

    /// Every account is what some lead made it (R43, R51).
    private mutating func lookAtAccounts(_ everyone: Set<Int64>) {
        struct Made: Hashable {
            let name: String
            let phone: String?
        }
        var plans: Set<Made> = []
        for lead in everyone {
            for version in self.life.versions(of: lead) {
                let plan = AccountPlan(lead: version, settings: TenantSettings())
                plans.insert(Made(name: plan.accountName, phone: plan.accountPhone))
            }
        }
        for account in self.side.accounts where !plans.contains(Made(name: account.name, phone: account.phone)) {
            self.say(.altered, "account \(account.id)", "no lead ever read so")
        }
        let there = Set(self.side.accounts.map(\.id))
        for contact in self.side.contacts {
            guard let account = contact.account else { continue }
            if !there.contains(account) { self.say(.lost, "account \(account)", "contact \(contact.id) is in it, and it is not there") }
        }
    }
}
