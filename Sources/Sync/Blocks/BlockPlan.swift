/// Which blocks a full load reads, and in what order: the newest leads first, as they are wanted first.
///
/// Source: sync-algorithms.md 3.3.
package struct BlockPlan: Hashable, Sendable {
    /// How many blocks; 0 for a subscription without leads.
    package let count: Int64

    /// All blocks from the first lead to `highest`.
    package init(highest: LeadID?) {
        self.count = if let highest, highest.rawValue > 0 { LeadBlock(holding: highest).number + 1 } else { 0 }
    }

    /// The blocks, the highest first; made one by one, as there may be millions.
    package var newestFirst: some Sequence<LeadBlock> {
        (0..<self.count).lazy.reversed().map { LeadBlock(number: $0) }
    }

    /// The blocks that an hourly sync reads around the highest known lead: two below its own, its own, one above; never none.
    ///
    /// Source: sync-algorithms.md 3.4.
    package static func frontier(highest: LeadID?) -> [LeadBlock] {
        let own = LeadBlock(holding: highest ?? LeadID(rawValue: 1)).number
        return (max(0, own - 2)...(own + 1)).map { LeadBlock(number: $0) }
    }

    /// Whether a full load is done: nothing unread below the frontier, nothing marked dirty, and a look above the newest lead found none since.
    package static func isFinished(blocksUnread: Int64, leadsDirty: Int64, isFrontierEmptySinceNewest: Bool) -> Bool {
        blocksUnread == 0 && leadsDirty == 0 && isFrontierEmptySinceNewest
    }
}
