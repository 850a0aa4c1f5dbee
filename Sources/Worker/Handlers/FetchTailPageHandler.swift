import FoundationEssentials
import JobQueue
import Jobs
import Logging
import Marketo
import Postgres
import Store
import Sync

/// Reads a change feed once more from some hours ago on; see ``FetchTailPage``.
struct FetchTailPageHandler: JobHandler {
    let bridge: Bridge

    func run(_ job: ClaimedJob<FetchTailPage>, context: JobContext) async throws -> Verdict {
        guard let tenant = try await self.bridge.tenant(job.tenant) else { return .done() }
        guard let stream = job.payload.stream, let token = job.payload.token else { return try await self.begin(job, for: tenant, context) }
        let look = job.payload
        let (page, lacksField) = try await tenant.page(of: stream, token: token, for: Self.lane(look))
        let news = PageNews(stream: stream, page: page, isSecondLook: true)
        let isIdle = page.nextPageToken == nil || page.nextPageToken == token || page.activities.isEmpty && page.unreadable.isEmpty
        let idle = isIdle ? (look.idle ?? 0) + 1 : 0
        let goesOn = page.moreResult && idle < (page.nextPageToken == token ? FeedRules.mostRepeatedTokens : FeedRules.mostEmptyPages)
        if page.moreResult, !goesOn {
            // The feed itself, which is read on from its own token, and the rolling sweep are there as well.
            context.logger.error("A second look at a change feed turns in circles", metadata: ["feed.stream": "\(stream.rawValue)"])
        }
        return .done { tx in
            try await news.store(in: tx, for: tenant.id, by: job.id, run: nil)
            if lacksField { try await tx.enqueue(DescribeFields(), tenant: job.tenant) }
            guard goesOn else { return }
            let next = FetchTailPage(hours: look.hours, asked: look.asked, stream: stream, token: page.nextPageToken ?? token, idle: idle)
            try await tx.enqueue(next, tenant: job.tenant, priority: Self.urgency(look))
        }
    }

    /// One token is good for all feeds.
    private func begin(_ job: ClaimedJob<FetchTailPage>, for tenant: ConnectedTenant, _ context: JobContext) async throws -> Verdict {
        let look = job.payload
        // By Marketo's own stamp where there is one: a clock of ours that is ahead would else look back too short.
        let newest = try await context.pool.first(ReadCursor(tenant: tenant.id, stream: ChangeStream.activities.rawValue))?.lastActivityAt
        let from = min(context.now, newest ?? context.now)
        let token = try await tenant.ask(for: Self.lane(look)) { try await $0.pagingToken(back: Double(look.hours) * 3_600, from: from) }
        let streams: [ChangeStream] = look.asked == true || look.hours >= FeedRules.nightlyTail ? ChangeStream.allCases : [.activities, .leadChanges]
        return .done { tx in
            let pages = streams.map { FetchTailPage(hours: look.hours, asked: look.asked, stream: $0, token: token) }
            try await tx.enqueue(pages, tenant: job.tenant, priority: Self.urgency(look))
        }
    }

    private static func lane(_ look: FetchTailPage) -> CallLane { look.asked == true ? .hourly : .sweep }
    private static func urgency(_ look: FetchTailPage) -> Int { look.asked == true ? Urgency.hourly : Urgency.sweep }
}
