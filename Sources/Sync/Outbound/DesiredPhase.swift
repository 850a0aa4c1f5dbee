/// What a lead's `mazrica_phase` should be, and which event says so.
package struct DesiredPhase: Hashable, Sendable {
    /// The phase's name; `nil` is written as null.
    package let phase: String?
    /// The deal it is of; `nil` if it is null because a deal was deleted.
    package let deal: DealID?
    /// The event that decided it.
    package let seq: Int64

    /// By the rules: of several deals the one that was touched last (R68, R69), and what becomes of it when that or another one is deleted (R72, D13).
    ///
    /// `nil`: nothing has happened that Marketo should be told of.
    package init?(_ story: PhaseStory, deletedDeal: TenantSettings.DeletedDeal) {
        switch deletedDeal {
        case .nullAlways:
            if let end = story.latestEnd, end.seq > story.latest?.seq ?? 0 {
                self.init(nullSince: end)
                return
            }
        case .keep, .nextBest:
            break
        }
        guard let latest = story.latest else { return nil }
        guard let end = story.end, end.seq > latest.seq else {
            self.init(latest, decidedBy: latest.seq, counts: latest.counts)
            return
        }
        if deletedDeal == .nextBest, let next = story.latestLiving {
            self.init(next, decidedBy: end.seq, counts: end.counts)
        } else {
            self.init(nullSince: end)
        }
    }

    private init?(nullSince end: PhaseStory.Deletion) {
        guard end.counts else { return nil }
        self.phase = nil
        self.deal = nil
        self.seq = end.seq
    }

    private init?(_ source: PhaseStory.Source, decidedBy seq: Int64, counts: Bool) {
        guard counts else { return nil }
        self.phase = source.phase
        self.deal = source.deal
        self.seq = seq
    }
}
