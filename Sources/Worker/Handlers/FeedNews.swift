import FoundationEssentials
import JobQueue
import Jobs
import Marketo
import Postgres
import Store
import Sync

/// What a page of a change feed told: which leads to read again, which were merged, which are gone.
struct FeedNews: Sendable {
    let stream: ChangeStream
    let page: ActivityPage
    let cursor: FeedCursor

    /// A page that brought the feed no further, though more is promised: without a record, or with the token that it was asked with.
    private var isIdle: Bool {
        guard self.page.moreResult else { return false }
        return self.isUnmoved || self.page.activities.isEmpty && self.page.unreadable.isEmpty
    }

    private var isUnmoved: Bool { self.page.nextPageToken == nil || self.page.nextPageToken == self.cursor.token }

    /// It turns in circles: the same token again and again, or pages without end in which there is nothing.
    var isStuck: Bool {
        guard self.isIdle else { return false }
        return self.cursor.emptyPages >= (self.isUnmoved ? FeedRules.mostRepeatedTokens : FeedRules.mostEmptyPages)
    }

    /// Stores it all, and moves the cursor with it: in one transaction, or not at all (promise 3).
    func store(in tx: PostgresTransaction, for tenant: TenantID, by job: ClaimedJob<FetchChangePage>) async throws {
        let moved = try await tx.first(
            MoveCursor(
                tenant: tenant, stream: self.stream.rawValue, readSequence: self.cursor.sequence,
                token: self.page.nextPageToken ?? self.cursor.token,
                lastActivityAt: self.page.activities.map(\.date).max().flatMap { $0 > .distantPast ? $0 : nil },
                countsAsEmpty: self.isIdle))
        // Somebody else has read this page meanwhile; what it told is stored.
        guard moved != nil else { return }

        var dirty = Set(self.page.unreadable.compactMap(\.leadID))
        switch self.stream {
        case .deletedLeads:
            let gone = Set(self.page.activities.map { $0.primaryAttributeID.flatMap(LeadID.init(sane:)) ?? $0.leadID })
            if !gone.isEmpty {
                // In turn with the batches that are applied: one that has read such a lead would make its links active again.
                try await tx.execute(HoldInbound(tenant: tenant))
                try await tx.execute(MarkLeadsDeleted(tenant: tenant, leads: gone.sorted(), job: job.id.rawValue))
            }
        case .activities, .leadChanges:
            dirty.formUnion(self.page.activities.map(\.leadID))
            let merges = self.page.activities.flatMap { merge in merge.mergedLeads.map { (loser: $0, winner: merge.leadID) } }
            if !merges.isEmpty {
                try await tx.execute(HoldInbound(tenant: tenant))
                let winners = try await tx.query(
                    MergeLeads(tenant: tenant, losers: merges.map(\.loser), winners: merges.map(\.winner), job: job.id.rawValue))
                dirty.subtract(merges.map(\.loser))
                dirty.formUnion(winners)
            }
        }
        let illegible = self.page.unreadable.filter { $0.leadID == nil || self.stream == .deletedLeads }
        if !illegible.isEmpty {
            try await tx.execute(
                NoteIllegible(
                    tenant: tenant, records: illegible.map { (guid: $0.marketoGUID, member: $0.member) }, stream: self.stream.rawValue,
                    job: job.id.rawValue))
        }
        try await tx.enqueue(dirty.sorted().map { RefreshLead(lead: $0, run: job.payload.run) }, tenant: tenant.rawValue)
        // An empty page is no end; only the vendor's word is.
        if self.page.moreResult { try await tx.enqueue(job.payload, tenant: tenant.rawValue) }
    }
}
