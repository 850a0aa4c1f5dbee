/// What happened to a contact, as far as it decides which deal's phase its lead shows.
///
/// Of a story of any length these few events are enough. Source: R20, R21, R68, R69, R71, R72.
package struct PhaseStory: Hashable, Sendable {
    /// An event that made a deal the one whose phase is shown: the contact was registered for it, or its phase changed.
    package struct Source: Hashable, Sendable {
        /// Its place in the order of events.
        package let seq: Int64
        /// The deal.
        package let deal: DealID
        /// What the deal's phase was last called in the story; `nil` = it has none.
        package let phase: String?
        /// It happened after the tenant was set up, or what happened before counts too (D8).
        package let counts: Bool

        package init(seq: Int64, deal: DealID, phase: String?, counts: Bool) {
            self.seq = seq
            self.deal = deal
            self.phase = phase
            self.counts = counts
        }
    }

    /// A deal went.
    package struct Deletion: Hashable, Sendable {
        package let seq: Int64
        package let counts: Bool

        package init(seq: Int64, counts: Bool) {
            self.seq = seq
            self.counts = counts
        }
    }

    /// The latest of all.
    package let latest: Source?
    /// The latest whose deal is still there.
    package let latestLiving: Source?
    /// The end of the latest one's deal.
    package let end: Deletion?
    /// The latest end of any deal that the contact took part in.
    package let latestEnd: Deletion?

    package init(latest: Source?, latestLiving: Source?, end: Deletion?, latestEnd: Deletion?) {
        self.latest = latest
        self.latestLiving = latestLiving
        self.end = end
        self.latestEnd = latestEnd
    }
}
