import FoundationEssentials
import JobQueue
import Jobs
import Logging
import Marketo
import Postgres
import Store
import Sync

/// Reads the next page of a change feed; see ``FetchChangePage``.
struct FetchChangePageHandler: JobHandler {
    let bridge: Bridge

    func run(_ job: ClaimedJob<FetchChangePage>, context: JobContext) async throws -> Verdict {
        guard let tenant = try await self.bridge.tenant(job.tenant) else { return .done() }
        let stream = job.payload.stream
        guard let cursor = try await context.pool.first(ReadCursor(tenant: tenant.id, stream: stream.rawValue)) else {
            return try await self.begin(job.payload, for: tenant, at: context.now)
        }
        let page: ActivityPage
        let lacksField: Bool
        do {
            (page, lacksField) = try await tenant.page(of: stream, token: cursor.token, for: .hourly)
        } catch let error as MarketoError where FeedRules.refusesToken(error) {
            context.logger.error("Marketo refuses the paging token", metadata: ["feed.stream": "\(stream.rawValue)", "marketo.error": "\(error)"])
            return try await self.restart(job.payload, cursor, because: "Marketo refuses its token", for: tenant)
        }
        let news = FeedNews(stream: stream, page: page, cursor: cursor)
        if news.isStuck {
            context.logger.error("A change feed turns in circles", metadata: ["feed.stream": "\(stream.rawValue)"])
            return try await self.restart(job.payload, cursor, because: "it turned in circles", for: tenant)
        }
        return .done { tx in
            try await news.store(in: tx, for: tenant.id, by: job)
            if lacksField { try await tx.enqueue(DescribeFields(), tenant: job.tenant) }
        }
    }

    /// A feed that was never begun: its token is stored before the first page is read.
    private func begin(_ job: FetchChangePage, for tenant: ConnectedTenant, at now: Date) async throws -> Verdict {
        let token = try await tenant.ask(for: .hourly) { try await $0.pagingToken(back: FeedRules.firstLookBack, from: now) }
        let since = now.addingTimeInterval(-FeedRules.firstLookBack)
        return .done { tx in
            try await tx.execute(BeginCursors(tenant: tenant.id, streams: [job.stream.rawValue], token: token, since: since))
            try await tx.enqueue(job, tenant: tenant.id.rawValue)
        }
    }

    /// A feed whose token is worth nothing any more goes on a day before the newest activity it told of.
    private func restart(_ job: FetchChangePage, _ cursor: FeedCursor, because why: String, for tenant: ConnectedTenant) async throws -> Verdict {
        let since = (cursor.lastActivityAt ?? cursor.since).addingTimeInterval(-FeedRules.restartLookBack)
        let token = try await tenant.ask(for: .hourly) { try await $0.pagingToken(since: since) }
        return .done { tx in
            let moved = try await tx.first(
                MoveCursor(
                    tenant: tenant.id, stream: job.stream.rawValue, readSequence: cursor.sequence, token: token, lastActivityAt: nil,
                    countsAsEmpty: false))
            guard moved != nil else { return }
            let text = """
                The feed \(job.stream.rawValue) could not be read on from where it was left (\(why)); it is read again from a day and two hours before \
                its newest record on.
                """
            try await tx.execute(WriteNotes(tenant: tenant.id, notes: [.init(kind: "feed_restarted", lead: nil, contact: nil, text: text)]))
            // Not at once: should the new token fare like the old one, that must not become a loop of calls.
            try await tx.enqueue(job, tenant: tenant.id.rawValue, after: .seconds(60))
        }
    }
}
