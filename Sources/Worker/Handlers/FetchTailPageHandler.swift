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
        let page: ActivityPage
        let lacksField: Bool
        do {
            (page, lacksField) = try await tenant.page(of: stream, token: token, for: Self.lane(look))
        } catch let error as MarketoError where FeedRules.refusesToken(error) {
            context.logger.error("Marketo refuses the paging token", metadata: ["feed.stream": "\(stream.rawValue)", "marketo.error": "\(error)"])
            return Self.startOver(look, stream, of: job.tenant)
        }
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
            let next = FetchTailPage(
                hours: look.hours, asked: look.asked, stream: stream, token: page.nextPageToken ?? token, idle: idle, restarts: look.restarts)
            try await tx.enqueue(next, tenant: job.tenant, priority: Self.urgency(look))
        }
    }

    /// The look begins anew with a token of its own; a few times, for the next hour looks again.
    private static func startOver(_ look: FetchTailPage, _ stream: ChangeStream, of tenant: Int64) -> Verdict {
        let restarts = (look.restarts ?? 0) + 1
        guard restarts <= FeedRules.mostRestarts else { return .done() }
        return .done { tx in
            let again = FetchTailPage(hours: look.hours, asked: look.asked, stream: stream, restarts: restarts)
            // Not at once: should the new token fare like the old one, that must not become a loop of calls.
            try await tx.enqueue(again, tenant: tenant, after: .seconds(60), priority: Self.urgency(look))
        }
    }

    /// One token is good for all feeds.
    private func begin(_ job: ClaimedJob<FetchTailPage>, for tenant: ConnectedTenant, _ context: JobContext) async throws -> Verdict {
        let look = job.payload
        // By Marketo's own stamp where there is one: a clock of ours that is ahead would else look back too short.
        let newest = try await context.pool.first(ReadCursor(tenant: tenant.id, stream: ChangeStream.activities.rawValue))?.lastActivityAt
        let from = min(context.now, newest ?? context.now)
        let token = try await tenant.ask(for: Self.lane(look)) { try await $0.pagingToken(back: Double(look.hours) * 3_600, from: from) }
        let seesDeletions = look.asked == true || look.hours >= FeedRules.nightlyTail
        let streams = look.stream.map { [$0] } ?? (seesDeletions ? ChangeStream.allCases : [.activities, .leadChanges])
        return .done { tx in
            let pages = streams.map {
                FetchTailPage(hours: look.hours, asked: look.asked, stream: $0, token: token, restarts: look.restarts)
            }
            try await tx.enqueue(pages, tenant: job.tenant, priority: Self.urgency(look))
        }
    }

    private static func lane(_ look: FetchTailPage) -> CallLane { look.asked == true ? .hourly : .sweep }
    private static func urgency(_ look: FetchTailPage) -> Int { look.asked == true ? Urgency.hourly : Urgency.sweep }
}
