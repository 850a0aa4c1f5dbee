/// Which lead lives on after merges: loser → winner, through any number of merges, in whatever order they become known.
///
/// Paths are kept short: every loser points at the last winner. A merge that would close a circle changes nothing, as a winner can't have lost to
/// its own loser. Source: sync-algorithms.md 3.4 "Merges".
package struct LeadAliases: Hashable, Sendable {
    /// Each loser with its last winner.
    package private(set) var winners: [LeadID: LeadID] = [:]

    package init() {}

    /// The lead that lives on in place of `lead`; itself if it was never merged away.
    package func winner(of lead: LeadID) -> LeadID { self.winners[lead] ?? lead }

    /// Notes a merge; answers the losers whose winner has changed by it, each once, rising.
    @discardableResult
    package mutating func merge(losers: [LeadID], into winner: LeadID) -> [LeadID] {
        var moved: Set<LeadID> = []
        for loser in losers {
            let last = self.winner(of: winner)
            let old = self.winner(of: loser)
            // `old` may have won before: whoever lost to it now loses to `last`, and so does `old`.
            guard old != last else { continue }
            for (other, its) in self.winners where its == old {
                self.winners[other] = last
                moved.insert(other)
            }
            self.winners[old] = last
            moved.insert(old)
        }
        return moved.sorted()
    }
}
