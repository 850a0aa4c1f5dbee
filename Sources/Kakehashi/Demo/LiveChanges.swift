import Fleet
import Foundation
import Sync

/// What happens in Marketo while the demo runs: new leads, better scores, deletions, a merge, bad addresses put right.
struct LiveChanges: Sendable, Equatable {
    /// How many leads are new.
    let created: Int
    /// Whose score changes.
    let scored: [Int64]
    /// Whose name changes in Marketo, which must not reach a contact that is there (R63).
    let renamed: [Int64]
    /// Which leads are deleted.
    let deleted: [Int64]
    /// Who is merged into whom.
    let merges: [Merge]
    /// Whose unusable e-mail address is put right.
    let mended: [Int64]

    /// One lead goes up in another.
    struct Merge: Sendable, Equatable {
        let loser: Int64
        let winner: Int64
    }

    /// Chooses among the leads there are.
    ///
    /// The same lead is never chosen twice, and none that shares its address with another, so that each change can be seen by itself.
    init(leads: [Lead], quarantined: [Int64]) {
        let bad = Set(quarantined)
        let addresses = leads.map { lead in if case .valid(let address) = EmailAddress.read(lead.email) { address.key } else { nil as EmailKey? } }
        let leadsOfAddress = Dictionary(addresses.compactMap(\.self).map { ($0, 1) }, uniquingKeysWith: +)
        let isAlone = { (address: EmailKey?) in address.map { leadsOfAddress[$0] == 1 } ?? true }
        var free = zip(leads, addresses).filter { !bad.contains($0.0.id.rawValue) && isAlone($0.1) }.map(\.0.id.rawValue)[...]
        let share = max(1, free.count / 200)
        func take(_ count: Int) -> [Int64] {
            let taken = Array(free.prefix(count))
            free = free.dropFirst(count)
            return taken
        }
        self.created = max(3, share / 2)
        self.scored = take(share)
        self.renamed = take(max(1, share / 2))
        self.deleted = take(max(1, share / 4))
        let pairs = take(2 * max(1, share / 10))
        self.merges = stride(from: 0, to: pairs.count - 1, by: 2).map { Merge(loser: pairs[$0], winner: pairs[$0 + 1]) }
        self.mended = Array(quarantined.prefix(5))
    }

    /// Makes the changes.
    func happen(in simulator: SimulatorControl) async throws {
        _ = try await simulator.create(self.created)
        if !self.scored.isEmpty { try await simulator.score(self.scored, by: 15) }
        for id in self.renamed { try await simulator.update(id, ["firstName": "改名"]) }
        // Only a score leads to a lead being read again; so the new name comes along, and must not be written.
        if !self.renamed.isEmpty { try await simulator.score(self.renamed, by: 1) }
        if !self.deleted.isEmpty { try await simulator.delete(self.deleted) }
        for merge in self.merges { try await simulator.merge(merge.loser, into: merge.winner) }
        for id in self.mended { try await simulator.update(id, ["email": "mended.\(id)@example-\(id % 7).co.jp"]) }
    }

    /// A sentence about them.
    func sentence(_ words: Words) -> String {
        words.pick(
            "\(self.created) new leads, \(self.scored.count) scores, \(self.renamed.count) renamed, \(self.deleted.count) deleted, "
                + "\(self.merges.count) merged, \(self.mended.count) bad addresses put right",
            "新規 \(self.created) 件、スコア変更 \(self.scored.count) 件、改名 \(self.renamed.count) 件、削除 \(self.deleted.count) 件、"
                + "統合 \(self.merges.count) 件、メール修正 \(self.mended.count) 件")
    }
}
