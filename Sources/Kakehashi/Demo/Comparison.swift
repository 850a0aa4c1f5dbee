import Fleet
import Foundation
import Store
import Sync

/// Both sides compared record by record: Marketo's own list of leads against what stands in the database.
struct Comparison: Sendable, Equatable {
    /// Leads that are neither linked with a contact that has an account, nor rightly in quarantine.
    let missing: [Int64]
    /// Leads that have more than one contact, or share an e-mail address with a lead that has another one.
    let doubled: [Int64]
    /// Leads whose contact shows another id, score or acquisition date than Marketo; links and quarantine entries that should be gone.
    let stale: [Int64]

    /// Whether both sides agree.
    var isClean: Bool { self.missing.isEmpty && self.doubled.isEmpty && self.stale.isEmpty }

    /// Compares `leads`, all that Marketo has, with all links and quarantined leads of the tenant.
    init(leads: [SimulatorControl.Lead], links: [LinkAudit], quarantined: Set<Int64>) {
        var missing: Set<Int64> = []
        var doubled: Set<Int64> = []
        var stale: Set<Int64> = []
        let linksOfLead = Dictionary(grouping: links.filter { $0.state == "active" }, by: \.lead.rawValue)
        var contactsOfAddress: [EmailKey: Set<Int64>] = [:]
        var leadsOfAddress: [EmailKey: [Int64]] = [:]
        for lead in leads {
            let address = EmailAddress.read(lead.email)
            let links = linksOfLead[lead.id] ?? []
            // A merge in Marketo leaves both contacts and both hold the winner: that is two by decision, not by mistake.
            let own = links.filter { $0.rule != "merge" }
            if quarantined.contains(lead.id) {
                // In quarantine without a reason (any more), or registered all the same.
                if case .invalid = address, links.isEmpty {} else { stale.insert(lead.id) }
                continue
            }
            if links.isEmpty || links.contains(where: { !$0.hasAccount }) { missing.insert(lead.id) }
            if Set(own.map(\.contact)).count > 1 { doubled.insert(lead.id) }
            if !links.allSatisfy({ Self.isFresh($0, lead) }) { stale.insert(lead.id) }
            if case .valid(let address) = address {
                contactsOfAddress[address.key, default: []].formUnion(own.map(\.contact))
                leadsOfAddress[address.key, default: []].append(lead.id)
            }
        }
        for (key, contacts) in contactsOfAddress where contacts.count > 1 { doubled.formUnion(leadsOfAddress[key] ?? []) }
        // What Marketo does not have any more must not look alive here.
        let alive = Set(leads.map(\.id))
        stale.formUnion(linksOfLead.keys.filter { !alive.contains($0) })
        stale.formUnion(quarantined.subtracting(alive))
        self.missing = missing.sorted()
        self.doubled = doubled.sorted()
        self.stale = stale.sorted()
    }

    /// Whether the contact shows what Marketo says.
    ///
    /// A contact of several leads shows the primary one (D4), so the others are only linked.
    private static func isFresh(_ link: LinkAudit, _ lead: SimulatorControl.Lead) -> Bool {
        guard link.isPrimary else { return link.shownLead != nil }
        return link.shownLead?.rawValue == lead.id && link.score == lead.leadScore
            && link.acquisitionDate == lead.mktoAcquisitionDate.flatMap { try? Date($0, strategy: .iso8601) }
    }
}
