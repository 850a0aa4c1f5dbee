import Foundation
import Postgres
import Simulator
import Sync

/// Every contact, link, account and quarantine entry, held against what Marketo's leads demand under the default settings.
///
/// Which of several leads with one address makes the contact, and which lead of a company makes the account, is a matter of order, in an
/// undisturbed load too; so a contact must be that of *one* of its leads in every field, and an account that of one of its contacts.
struct Truth {
    /// One sentence each; none if all is right.
    private(set) var differences: [String] = []

    init(leads: [SimulatedLead], in pool: PostgresPool) async throws {
        let contacts = try await pool.query(ContactRow.All())
        let links = try await pool.query(LinkRow.All())
        let accounts = try await pool.query(AccountRow.All())
        let quarantined = Set(try await pool.query(QuarantinedLeads()))

        var people: [String: [Lead]] = [:]
        var bad: Set<Int64> = []
        for lead in leads.map(Lead.init) {
            switch EmailAddress.read(lead.email) {
            case .invalid: bad.insert(lead.id.rawValue)
            case .missing: people["lead \(lead.id)"] = [lead]
            case .valid(let address): people[address.key.text, default: []].append(lead)
            }
        }
        for lead in bad.symmetricDifference(quarantined) { self.say("lead \(lead) is wrongly in or out of quarantine") }
        self.compare(people, contacts, links, accounts)
    }

    private mutating func say(_ difference: String) { self.differences.append(difference) }

    private mutating func compare(_ people: [String: [Lead]], _ contacts: [ContactRow], _ links: [LinkRow], _ accounts: [AccountRow]) {
        let contactByID = Dictionary(uniqueKeysWithValues: contacts.map { ($0.id, $0) })
        let accountByID = Dictionary(uniqueKeysWithValues: accounts.map { ($0.id, $0) })
        var linksOfLead = Dictionary(grouping: links, by: \.lead)
        var seen: Set<Int64> = []
        var accountsOfKey: [AccountKey: Set<Int64>] = [:]
        var plansOfAccount: [Int64: [AccountPlan]] = [:]
        for (who, leads) in people {
            let own = leads.flatMap { linksOfLead.removeValue(forKey: $0.id.rawValue) ?? [] }
            guard own.count == leads.count, Set(own.map(\.contact)).count == 1, let contact = own.first.flatMap({ contactByID[$0.contact] }) else {
                self.say("\(who): \(leads.count) leads, links \(own)")
                continue
            }
            if !seen.insert(contact.id).inserted { self.say("\(who) shares a contact") }
            guard let primary = leads.min(by: { $0.id < $1.id }) else { continue }
            for link in own where link.state != "active" || link.isPrimary != (link.lead == primary.id.rawValue) { self.say("\(who): \(link)") }
            if contact.shown != [
                primary.id.rawValue, primary.leadScore.map(Int64.init), primary.acquisitionDate.map { Int64($0.timeIntervalSince1970) },
            ] {
                self.say("\(who) shows \(contact.shown)")
            }
            guard let maker = leads.first(where: { ContactRow.texts(of: $0) == contact.texts }) else {
                self.say("\(who) reads \(contact.texts)")
                continue
            }
            guard let account = contact.account, accountByID[account] != nil else {
                self.say("\(who) has no account")
                continue
            }
            let plan = AccountPlan(lead: maker, settings: TenantSettings())
            accountsOfKey[plan.key, default: []].insert(account)
            plansOfAccount[account, default: []].append(plan)
        }
        if !linksOfLead.isEmpty { self.say("links of nobody: \(linksOfLead.keys.prefix(5))") }
        if seen.count != contacts.count { self.say("\(contacts.count - seen.count) contacts of nobody") }
        for (key, ids) in accountsOfKey where ids.count > 1 { self.say("\(key) has accounts \(ids.sorted())") }
        for account in accounts where plansOfAccount[account.id]?.contains(where: account.isMade(by:)) != true {
            self.say("account \(account.id) \(account.name) is nobody's")
        }
    }
}

extension Lead {
    /// As Marketo has it.
    fileprivate init(_ lead: SimulatedLead) {
        self.init(
            id: LeadID(rawValue: lead.id), email: lead.email, firstName: lead.firstName, lastName: lead.lastName, company: lead.company,
            phone: lead.phone, mainPhone: lead.mainPhone, mobilePhone: lead.mobilePhone, title: lead.title, department: lead.department,
            leadScore: lead.leadScore.map { Int($0) }, acquisitionDate: lead.mktoAcquisitionDate.flatMap { try? Date($0, strategy: .iso8601) })
    }
}
