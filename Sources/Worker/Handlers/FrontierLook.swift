import Sync

/// What one call asks for to learn of leads above the newest known one.
struct FrontierLook {
    /// The very next ids: a lead among them leaves nothing between unread.
    let dense: ClosedRange<Int64>
    /// These, and as many more spread over the 20 blocks above (6,000 ids), as gaps happen.
    ///
    /// Source: sync-algorithms.md 3.3, 3.4.
    let ids: [LeadID]

    /// Above the lead `newest`; 0 if none is known.
    init(above newest: Int64) {
        let dense = (newest + 1)...(newest + 150)
        let step = (Int64(FrontierPlan.emptyBlocks) * LeadBlock.size - 150) / 150
        self.dense = dense
        self.ids = (Array(dense) + (1...150).map { dense.upperBound + $0 * step }).map(LeadID.init(rawValue:))
    }
}
