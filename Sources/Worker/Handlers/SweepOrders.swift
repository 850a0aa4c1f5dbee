import FoundationEssentials
import JobQueue
import Jobs
import Postgres
import Store
import Sync

/// What an hourly sync has to do beside following the feeds: look a second time, roll on through the blocks, bridge gaps.
struct SweepOrders: Sendable {
    let tenant: TenantID
    /// The database's clock as the sync begins.
    let now: Date
    /// Where each feed was left; without those that were never begun.
    let cursors: [ChangeStream: FeedCursor]
    /// Within how many days each block is read once.
    let sweepDays: Int
    /// A person asked for the sync: what is due once an hour is left to the hourly one.
    let isAsked: Bool

    /// How many hours a second look at the feeds goes back; `nil`: there is nothing to look for.
    ///
    /// After a silence longer than usual from a day and two hours before it; else three hours, if the last sync met with any activity.
    var tailHours: Int? {
        let feeds = [ChangeStream.activities, .leadChanges].compactMap { self.cursors[$0] }
        guard let oldest = feeds.map({ $0.lastPageAt ?? $0.since }).min() else { return nil }
        let silence = self.now.timeIntervalSince(oldest)
        if silence > FeedRules.longSilence { return FeedRules.nightlyTail + Int((min(silence, Self.longestLook) / 3_600).rounded(.up)) }
        let isLively = feeds.contains { $0.lastRecordAt.map { self.now.timeIntervalSince($0) < 2 * 3_600 } ?? false }
        return isLively ? FeedRules.hourlyTail : nil
    }

    /// Marketo keeps changes for 90 days; what is older, no look brings back.
    private static let longestLook: TimeInterval = 80 * 86_400

    /// The feeds that can no longer tell of all that happened since they were last read.
    var gaps: [(stream: ChangeStream, from: Date)] {
        ChangeStream.allCases.compactMap { stream in
            guard let cursor = self.cursors[stream] else { return nil }
            let last = cursor.lastPageAt ?? cursor.since
            return self.now.timeIntervalSince(last) > FeedRules.gap(of: stream) ? (stream, last) : nil
        }
    }

    /// Enqueues it all.
    func give(in tx: PostgresTransaction) async throws {
        try await self.bridgeGaps(in: tx)
        guard !self.isAsked else { return }
        if let hours = self.tailHours { try await tx.enqueue(FetchTailPage(hours: hours), tenant: self.tenant.rawValue) }
        let due = try await tx.query(FindDueBlocks(tenant: self.tenant, days: self.sweepDays))
        try await tx.enqueue(
            due.map { FetchLeadPage(block: $0, purpose: .sweep) }, tenant: self.tenant.rawValue, priority: BlockPurpose.sweep.urgency)
    }

    /// All leads are read anew: by the full load that is under way, whose blocks may have been read before the gap, or by a run of its own.
    private func bridgeGaps(in tx: PostgresTransaction) async throws {
        let open = Set(try await tx.query(FindOpenGaps(tenant: self.tenant)))
        let new = self.gaps.filter { !open.contains($0.stream.rawValue) }
        guard !new.isEmpty else { return }
        guard let run = try await tx.first(BeginReread(tenant: self.tenant, joinsFullLoad: true)) else { return }
        for gap in new { _ = try await tx.first(OpenFeedGap(tenant: self.tenant, stream: gap.stream.rawValue, from: gap.from, run: run)) }
    }
}
