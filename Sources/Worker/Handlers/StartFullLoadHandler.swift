import FoundationEssentials
import JobQueue
import Jobs
import Marketo
import Postgres
import Store
import Sync

/// Plans a full load and hands out its blocks; see ``StartFullLoad``.
struct StartFullLoadHandler: JobHandler {
    /// How many blocks get their jobs at a time.
    static let bite = 1_000
    /// Of these, so many are ordered among themselves by their keys only.
    static let group = 50

    let bridge: Bridge

    func run(_ job: ClaimedJob<StartFullLoad>, context: JobContext) async throws -> Verdict {
        let run = job.payload.run
        guard let tenant = try await self.bridge.tenant(job.tenant),
            let state = try await context.pool.first(FindRun(tenant: tenant.id, run: run)), state.isRunning
        else { return .done() }
        if state.isPlanned { return .done { tx in try await Self.handOut(run, of: tenant.id, startedAt: state.startedAt, in: tx) } }

        // The feeds' tokens first: whatever changes from here on, a feed tells of it (sync-algorithms.md 3.3).
        let since = context.now.addingTimeInterval(-FeedRules.firstLookBack)
        let isFirst = try await context.pool.first(ReadCursor(tenant: tenant.id, stream: ChangeStream.activities.rawValue)) == nil
        let token = isFirst ? try await tenant.ask(for: .backfill) { try await $0.pagingToken(since: since) } : nil
        let newest = try await Self.search(tenant)
        let knowsFields = try await context.pool.first(TenantFields(tenant: tenant.id))?.isFresh ?? false
        return .done { tx in
            if let token {
                // Stored before any lead is read; the sweeps read the feeds from here on, also while the load goes on.
                let streams = ChangeStream.allCases.map(\.rawValue)
                try await tx.execute(BeginCursors(tenant: tenant.id, streams: streams, token: token, since: since))
            }
            if !knowsFields { try await tx.enqueue(DescribeFields(), tenant: job.tenant) }
            if let newest {
                try await tx.execute(WantBlocks(tenant: tenant.id, run: run, blocks: 0...LeadBlock(holding: newest).number))
            }
            try await tx.execute(AdvanceRun(tenant: tenant.id, run: run, step: .planned))
            try await Self.handOut(run, of: tenant.id, startedAt: state.startedAt, in: tx)
            try await tx.enqueue(FinishRun(run: run), tenant: job.tenant, after: .milliseconds(500))
        }
    }

    /// The highest lead id; `nil` if there is no lead.
    ///
    /// The plan's last step, a look above what the feed of new leads named, is left to ``CheckFrontier``, which looks there anyway before the load is
    /// finished. Four calls.
    private static func search(_ tenant: ConnectedTenant) async throws -> LeadID? {
        var plan = FrontierPlan()
        var highest: LeadID?
        var token: String?
        while true {
            switch plan.next {
            case .done(let found): return found
            case .probe(let ids):
                if token != nil, let highest { return highest }
                let leads = try await tenant.leads(ids, for: .backfill).leads
                highest = [highest, leads.map(\.id).max()].compactMap(\.self).max()
                plan.answer(leads: leads.map { ($0.id, $0.createdAt) })
            case .readFeed(let since):
                token = try await tenant.ask(for: .backfill) { try await $0.pagingToken(since: since) }
                try await Self.readBirths(tenant, &plan, &token, &highest)
            case .continueFeed: try await Self.readBirths(tenant, &plan, &token, &highest)
            }
        }
    }

    /// Reads one page of the feed of new leads.
    private static func readBirths(
        _ tenant: ConnectedTenant, _ plan: inout FrontierPlan, _ token: inout String?, _ highest: inout LeadID?
    ) async throws {
        guard let from = token else { return plan.answer(newLeads: [], hasMore: false) }
        let page = try await tenant.ask(for: .backfill) { try await $0.activities(token: from, types: [ActivityTypeID.newLead]) }
        let leads = page.activities.map(\.leadID)
        highest = [highest, leads.max()].compactMap(\.self).max()
        let goesOn = page.moreResult && page.nextPageToken != nil && page.nextPageToken != from
        token = page.nextPageToken ?? from
        plan.answer(newLeads: leads, hasMore: goesOn)
    }

    /// Gives the next blocks their jobs, the newest leads first, and itself comes again while there are more.
    private static func handOut(_ run: Int64, of tenant: TenantID, startedAt: Date, in tx: PostgresTransaction) async throws {
        let blocks = try await tx.query(TakeBlocks(tenant: tenant, run: run, limit: Self.bite))
        for start in stride(from: 0, to: blocks.count, by: Self.group) {
            let group = blocks[start..<min(start + Self.group, blocks.count)].map { FetchLeadPage(block: LeadBlock(number: $0)) }
            // Due at moments that all lie in the past: their order is the order in which they are taken.
            try await tx.enqueue(group, tenant: tenant.rawValue, runAt: startedAt.addingTimeInterval(-60 + Double(start) / 1_000))
        }
        if blocks.count == Self.bite {
            try await tx.enqueue(StartFullLoad(run: run), tenant: tenant.rawValue)
        } else {
            try await tx.execute(AdvanceRun(tenant: tenant, run: run, step: .queued))
        }
    }
}
