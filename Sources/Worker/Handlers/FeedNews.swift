import FoundationEssentials
import JobQueue
import Jobs
import Marketo
import Postgres
import Store
import Sync

/// What a page of a change feed told, and where it leaves the feed.
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
                countsAsEmpty: self.isIdle,
                hasRecords: !self.page.activities.isEmpty || !self.page.unreadable.isEmpty))
        // Somebody else has read this page meanwhile; what it told is stored.
        guard moved != nil else { return }

        let told = PageNews(stream: self.stream, page: self.page)
        try await told.store(in: tx, for: tenant, by: job.id, run: job.payload.run)
        // An empty page is no end; only the vendor's word is.
        if self.page.moreResult { try await tx.enqueue(job.payload, tenant: tenant.rawValue) }
    }
}
