import Sync

/// What one call asks for to learn of leads that no feed has told of: those passed over below the newest known one, and those above it.
///
/// Source: sync-algorithms.md 3.3, 3.4.
struct FrontierLook {
    /// The very next ids above the newest known lead: a lead among them leaves nothing between unread.
    ///
    /// `nil`: this look has enough to do below it.
    let dense: ClosedRange<Int64>?
    /// At most 300: the unread ones; and if they are few, the very next ones, and as many more spread over the 20 blocks above (6,000 ids), as gaps happen.
    let ids: [LeadID]
    /// With this look each id up to this one was looked at.
    let reaches: Int64

    /// How many unread ids one look asks for.
    static let mostUnread = 300
    private static let room = 100

    /// Above the lead `newest`, 0 if none is known; `unread` below it, the lowest first, at most `mostUnread`.
    init(above newest: Int64, unread: [LeadID]) {
        if unread.count > Self.room {
            self.dense = nil
            self.ids = unread
            self.reaches = unread.count < Self.mostUnread ? newest : unread.last?.rawValue ?? newest
            return
        }
        let dense = (newest + 1)...(newest + 150 - Int64(unread.count))
        let step = (Int64(FrontierPlan.emptyBlocks) * LeadBlock.size - 150) / 150
        self.dense = dense
        self.ids = unread + (Array(dense) + (1...150).map { dense.upperBound + $0 * step }).map(LeadID.init(rawValue:))
        self.reaches = newest
    }
}
