import Simulator
import Store
import Sync

extension TruthAudit {
    /// What sales did is what Marketo holds: one lead a new contact (R58), and in each lead the phase and the status that were decided last (R20–R22, R32).
    mutating func lookAtMarketo() {
        let there = Dictionary(self.side.contacts.map { ($0.id.rawValue, $0) }) { first, _ in first }
        for contact in self.users.made.sorted() {
            let own = (self.linksOfContact[contact] ?? []).map(\.lead.rawValue).filter(self.madeByUs.contains)
            if own.count > 1 { self.say(.doubled, "contact \(contact)", "leads \(own) were made of it") }
        }
        for lead in self.life.marketo.leads() {
            let links = (self.linksOfLead[lead.id] ?? []).filter { $0.state == "active" && there[$0.contact.rawValue] != nil }
            if self.madeByUs.contains(lead.id), (self.linksOfLead[lead.id] ?? []).isEmpty {
                self.say(.doubled, "lead \(lead.id)", "it was made of a contact, and is nobody's")
            }
            let wanted = links.compactMap { self.users.sales.shown[$0.contact.rawValue] }
            if let phase = wanted.max(by: { $0.phaseAt < $1.phaseAt })?.phase, lead.mazricaPhase != phase {
                self.say(.stale, "lead \(lead.id)", "it shows the phase \(lead.mazricaPhase ?? "–") instead of \(phase)")
            }
            if let status = wanted.max(by: { $0.statusAt < $1.statusAt })?.status, lead.leadStatus != status {
                self.say(.stale, "lead \(lead.id)", "it shows the status \(lead.leadStatus ?? "–") instead of \(status)")
            }
        }
    }
}
