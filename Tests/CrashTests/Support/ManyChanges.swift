import Simulator
import StageKit
import Sync

/// A busy hour in Marketo: a good part of all leads is scored, renamed, deleted, merged or put right, and new ones come in.
struct ManyChanges {
    /// The leads as they were registered before; what was in quarantine is not among them.
    let registered: [Lead]
    /// Leads of which a sweep has something to do.
    let touched: Int

    /// Makes the changes, chosen by `random` among leads that share no address, so that each can be seen by itself.
    init(in marketo: Simulator, _ random: inout SeededRandom) throws {
        let leads = marketo.leads().map(Lead.init)
        var leadsOfAddress: [EmailKey: [LeadID]] = [:]
        var bad: [Int64] = []
        for lead in leads {
            switch EmailAddress.read(lead.email) {
            case .valid(let address): leadsOfAddress[address.key, default: []].append(lead.id)
            case .invalid: bad.append(lead.id.rawValue)
            case .missing: break
            }
        }
        let listed = Set(bad)
        self.registered = leads.filter { !listed.contains($0.id.rawValue) }
        var free = leadsOfAddress.values.filter { $0.count == 1 }.map { $0[0].rawValue }.sorted().shuffled(using: &random)
        func take(_ share: Int) -> [Int64] {
            let taken = Array(free.suffix(leads.count / share))
            free.removeLast(taken.count)
            return taken
        }
        let (scored, renamed, deleted, merged) = (take(6), take(12), take(24), take(24))
        try marketo.changeScore(scored, by: 15)
        try marketo.update(renamed, ["firstName": "改名", "company": "改名商事", "phone": "03-0000-0000"])
        // Only a score leads to a lead being read again; so the new name comes along, and must not be written.
        try marketo.changeScore(renamed, by: 1)
        marketo.delete(deleted)
        let pairs = stride(from: 0, to: merged.count - 1, by: 2).map { (loser: merged[$0], winner: merged[$0 + 1]) }
        for pair in pairs { try marketo.merge([pair.loser], into: pair.winner) }
        let mended = bad.prefix(10)
        for id in mended { try marketo.update([id], ["email": .string("mended.\(id)@example-\(id % 7).co.jp")]) }
        let created = marketo.createLeads(count: leads.count / 12)
        self.touched = scored.count + renamed.count + deleted.count + 2 * pairs.count + mended.count + created.count
    }
}
