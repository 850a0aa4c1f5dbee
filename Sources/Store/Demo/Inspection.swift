import Sync

/// One comparison under way: first the leads, then the contacts, then the accounts.
struct Inspection {
    private(set) var differences: [Difference] = []
    private let settings: TenantSettings
    private let side: MazricaSide
    /// What Marketo has now.
    private let alive: [LeadID: Lead]
    /// What each was when it was registered, those included that are gone.
    private let registered: [LeadID: Lead]
    private let contacts: [ContactID: ContactAudit]
    private let accounts: [AccountID: AccountAudit]
    private let linksOfLead: [LeadID: [LinkAudit]]
    private let linksOfContact: [ContactID: [LinkAudit]]
    /// What the contacts would have made of their accounts.
    private var plansOfAccount: [AccountID: [AccountPlan]] = [:]

    init(leads: [Lead], registered: [Lead], side: MazricaSide, settings: TenantSettings) {
        let alive = Dictionary(leads.map { ($0.id, $0) }) { _, later in later }
        self.alive = alive
        self.registered = alive.merging(registered.map { ($0.id, $0) }) { _, given in given }
        self.side = side
        self.settings = settings
        self.contacts = Dictionary(side.contacts.map { ($0.id, $0) }) { first, _ in first }
        self.accounts = Dictionary(side.accounts.map { ($0.id, $0) }) { first, _ in first }
        // A deleted contact is not there.
        let links = side.links.filter { [contacts] in contacts[$0.contact] != nil }
        self.linksOfLead = Dictionary(grouping: links, by: \.lead)
        self.linksOfContact = Dictionary(grouping: links, by: \.contact)
    }

    private mutating func say(_ kind: Difference.Kind, _ record: String, _ text: String) {
        self.differences.append(Difference(kind: kind, record: record, text: text))
    }

    /// Every lead has its one contact, or is rightly in quarantine; those that are gone keep theirs, marked so (R13, R65, D4).
    mutating func lookAtLeads() {
        var leadsOfAddress: [EmailKey: [LeadID]] = [:]
        for (id, lead) in self.registered.sorted(by: { $0.key < $1.key }) {
            let now = self.alive[id]
            let address = EmailAddress.read((now ?? lead).email)
            let links = self.linksOfLead[id] ?? []
            if case .invalid = address {
                let isListed = self.side.quarantined.contains(id)
                if now != nil, !isListed { self.say(.missing, "lead \(id)", "its address is invalid, but it is not in quarantine") }
                if now != nil, !links.isEmpty { self.say(.stale, "lead \(id)", "its address is invalid, but it has a contact") }
                continue
            }
            if self.side.quarantined.contains(id) { self.say(.stale, "lead \(id)", "it is in quarantine without a reason") }
            if links.isEmpty { self.say(.missing, "lead \(id)", "it has no contact") }
            // A merge in Marketo leaves both contacts and both hold the winner: that is two by decision, not by mistake.
            if self.own(id).count > 1 { self.say(.doubled, "lead \(id)", "it has several contacts") }
            for link in links where (link.state == "active") != (now != nil) {
                self.say(.stale, "lead \(id)", "its link is \(link.state)")
            }
            if now != nil, case .valid(let address) = address { leadsOfAddress[address.key, default: []].append(id) }
        }
        for leads in leadsOfAddress.values where leads.count > 1 {
            guard leads.reduce(into: Set<ContactID>(), { $0.formUnion(self.own($1)) }).count > 1 else { continue }
            for id in leads { self.say(.doubled, "lead \(id)", "a lead with the same address has another contact") }
        }
        for id in Set(self.linksOfLead.keys).union(self.side.quarantined).sorted() where self.registered[id] == nil {
            self.say(.stale, "lead \(id)", "Marketo has no such lead")
        }
        for id in self.side.quarantined.sorted() where self.alive[id] == nil && self.registered[id] != nil {
            self.say(.stale, "lead \(id)", "it is gone, but still in quarantine")
        }
    }

    /// The contacts that a lead has by itself, not by a merge.
    private func own(_ lead: LeadID) -> Set<ContactID> { Set((self.linksOfLead[lead] ?? []).filter { $0.rule != "merge" }.map(\.contact)) }

    /// Every contact belongs to a lead, reads as that lead did when it was registered, and shows what Marketo says now (R40, R63, D4).
    mutating func lookAtContacts() {
        for contact in self.side.contacts {
            let record = "contact \(contact.id)"
            let links = self.linksOfContact[contact.id] ?? []
            guard !links.isEmpty else {
                self.say(.doubled, record, "no lead leads to it")
                continue
            }
            if links.contains(where: { $0.rule == "merge" }), !links.contains(where: { $0.state == "merged" }) {
                self.say(.stale, record, "it came by a merge, but no lead went up in another")
            }
            self.lookAtShown(contact, links)
            let people = Set(links.filter { $0.rule != "merge" }.compactMap { self.registered[$0.lead].map(Self.person) })
            if people.count > 1 { self.say(.missing, record, "leads with different addresses share it") }
            let leads = links.filter { $0.rule != "merge" }.compactMap { self.registered[$0.lead] }
            let makers = leads.filter { ContactTexts(of: $0) == contact.texts }
            guard !makers.isEmpty else {
                let columns = leads.first.map { ContactTexts(of: $0).columnsDiffering(from: contact.texts) } ?? []
                self.say(.altered, record, "it reads unlike any of its leads (\(columns.joined(separator: ", ")))")
                continue
            }
            guard let id = contact.account else {
                self.say(.missing, record, "it has no account")
                continue
            }
            // Of leads that read alike the one whose company the account is, if there is such a one.
            let plans = makers.map { AccountPlan(lead: $0, settings: self.settings) }
            let account = self.accounts[id]
            let plan = plans.first { account?.isMade(by: $0) == true } ?? plans[0]
            self.plansOfAccount[id, default: []].append(plan)
        }
    }

    /// By what a lead is one with others: the address, or nothing but itself.
    private static func person(_ lead: Lead) -> String {
        if case .valid(let address) = EmailAddress.read(lead.email) { address.key.text } else { "lead \(lead.id)" }
    }

    /// Of several leads the lowest is shown; one that is gone stays until another of them is read again.
    private mutating func lookAtShown(_ contact: ContactAudit, _ links: [LinkAudit]) {
        let lowest = links.filter { $0.state == "active" }.map(\.lead).min()
        let record = "contact \(contact.id)"
        guard let shown = contact.shown.leadID, shown == lowest || links.contains(where: { $0.lead == shown && $0.state == "lead_deleted" }),
            let lead = self.alive[shown] ?? self.registered[shown]
        else { return self.say(.stale, record, "it shows lead \(contact.shown.leadID?.description ?? "none")") }
        if contact.shown != ThreeFields(lead) { self.say(.stale, record, "score or acquisition date is not that of lead \(shown)") }
        for link in links where link.isPrimary != (link.lead == shown) {
            self.say(.stale, "lead \(link.lead)", "it is \(link.isPrimary ? "" : "not ")the primary of contact \(contact.id)")
        }
    }

    /// Every account is that of one of its contacts, and there is one for each key (R43, R44).
    mutating func lookAtAccounts() {
        var accountsOfKey: [AccountKey: Set<AccountID>] = [:]
        for (account, plans) in self.plansOfAccount { for plan in plans { accountsOfKey[plan.key, default: []].insert(account) } }
        let surplus = accountsOfKey.values.reduce(into: Set<AccountID>()) { $0.formUnion($1.sorted().dropFirst()) }
        for account in self.side.accounts {
            guard let plans = self.plansOfAccount[account.id] else {
                self.say(.doubled, "account \(account.id)", "no contact leads to it")
                continue
            }
            if surplus.contains(account.id) { self.say(.doubled, "account \(account.id)", "there is an older one with its key") }
            if !plans.contains(where: account.isMade) {
                self.say(.altered, "account \(account.id)", "it reads unlike any of its contacts' companies")
            }
        }
        for account in self.plansOfAccount.keys.sorted() where self.accounts[account] == nil {
            self.say(.missing, "account \(account)", "contacts lead to it, but it is not there")
        }
    }
}
