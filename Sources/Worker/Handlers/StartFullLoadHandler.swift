import FoundationEssentials
import JobQueue
import Jobs
import Marketo
import Postgres
import Store
import Sync

/// Plans a full load, one call a job, and hands out its blocks; see ``StartFullLoad``.
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
        let purpose: BlockPurpose = state.kind == .reread ? .sweep : .load
        if state.isPlanned { return .done { tx in try await Self.handOut(run, purpose, of: tenant.id, startedAt: state.startedAt, in: tx) } }
        guard let text = state.plan else { return try await self.begin(job, for: tenant, context) }
        var plan = try JSONDecoder().decode(FrontierPlan.self, from: Data(text.utf8))
        try await Self.step(&plan, tenant)
        if case .done(let highest) = plan.next {
            let knowsFields = try await context.pool.first(TenantFields(tenant: tenant.id))?.isFresh ?? false
            return .done { tx in
                if !knowsFields { try await tx.enqueue(DescribeFields(), tenant: job.tenant) }
                if let highest {
                    try await tx.execute(WantBlocks(tenant: tenant.id, run: run, blocks: 0...LeadBlock(holding: highest).number))
                }
                try await tx.execute(MoveFrontier(tenant: tenant.id, run: run, to: highest?.rawValue ?? 0))
                try await tx.execute(AdvanceRun(tenant: tenant.id, run: run, step: .planned))
                try await Self.handOut(run, purpose, of: tenant.id, startedAt: state.startedAt, in: tx)
            }
        }
        return try Self.goOn(plan, job)
    }

    /// The feeds' tokens first: whatever changes from here on, a feed tells of it (sync-algorithms.md 3.3).
    private func begin(_ job: ClaimedJob<StartFullLoad>, for tenant: ConnectedTenant, _ context: JobContext) async throws -> Verdict {
        let since = context.now.addingTimeInterval(-FeedRules.firstLookBack)
        let isFirst = try await context.pool.first(ReadCursor(tenant: tenant.id, stream: ChangeStream.activities.rawValue)) == nil
        let token =
            isFirst ? try await tenant.ask(for: .backfill) { try await $0.pagingToken(back: FeedRules.firstLookBack, from: context.now) } : nil
        let newest = try await context.pool.first(FindFrontier(tenant: tenant.id, run: job.payload.run))?.newest ?? 0
        return try Self.goOn(FrontierPlan(atLeast: newest > 0 ? LeadID(rawValue: newest) : nil), job) { tx in
            if let token {
                // Stored before any lead is read; the sweeps read the feeds from here on, also while the load goes on.
                let streams = ChangeStream.allCases.map(\.rawValue)
                try await tx.execute(BeginCursors(tenant: tenant.id, streams: streams, token: token, since: since))
            }
            try await tx.enqueue(FinishRun(run: job.payload.run), tenant: job.tenant, after: .milliseconds(500))
        }
    }

    /// Writes down how far the search is; the next call is the next job's.
    private static func goOn(_ plan: FrontierPlan, _ job: ClaimedJob<StartFullLoad>, and effects: Verdict.Effects? = nil) throws -> Verdict {
        let text = String(decoding: try JSONEncoder().encode(plan), as: UTF8.self)
        return .done { tx in
            try await effects?(tx)
            try await tx.execute(KeepPlan(tenant: TenantID(rawValue: job.tenant), run: job.payload.run, plan: text))
            try await tx.enqueue(job.payload, tenant: job.tenant)
        }
    }

    /// Makes the one call that the plan asks for next.
    ///
    /// Marketo's look above the highest lead is left to ``CheckFrontier``, which looks there anyway before the load is finished.
    private static func step(_ plan: inout FrontierPlan, _ tenant: ConnectedTenant) async throws {
        switch plan.next {
        case .done: return
        case .probe(let ids):
            let answer = try await tenant.read(ids, for: .backfill)
            if let unread = answer.unread { throw unread.error }
            plan.answer(
                leads: answer.leads.map { ($0.id, $0.createdAt) } + answer.unreadable.compactMap { record in record.leadID.map { ($0, nil) } })
        case .openFeed(let since):
            plan.answer(token: try await tenant.ask(for: .backfill) { try await $0.pagingToken(since: since) })
        case .readFeed(let token):
            let page: ActivityPage
            do {
                page = try await tenant.ask(for: .backfill) { try await $0.activities(token: token, types: [ActivityTypeID.newLead]) }
            } catch let error as MarketoError where FeedRules.refusesToken(error) {
                guard plan.reopenFeed() else { throw error }
                return
            }
            plan.answer(
                newLeads: page.activities.map(\.leadID) + page.unreadable.compactMap(\.leadID), next: page.moreResult ? page.nextPageToken : nil)
        }
    }

    /// Gives the next blocks their jobs, the newest leads first, and itself comes again while there are more.
    private static func handOut(
        _ run: Int64, _ purpose: BlockPurpose, of tenant: TenantID, startedAt: Date, in tx: PostgresTransaction
    ) async throws {
        let blocks = try await tx.query(TakeBlocks(tenant: tenant, run: run, limit: Self.bite))
        for start in stride(from: 0, to: blocks.count, by: Self.group) {
            let group = blocks[start..<min(start + Self.group, blocks.count)].map {
                FetchLeadPage(block: LeadBlock(number: $0), run: run, purpose: purpose == .load ? nil : purpose)
            }
            // Due at moments that all lie in the past: their order is the order in which they are taken.
            try await tx.enqueue(
                group, tenant: tenant.rawValue, runAt: startedAt.addingTimeInterval(-60 + Double(start) / 1_000), priority: purpose.urgency)
        }
        if blocks.count == Self.bite {
            try await tx.enqueue(StartFullLoad(run: run), tenant: tenant.rawValue)
        } else {
            try await tx.execute(AdvanceRun(tenant: tenant, run: run, step: .queued))
        }
    }
}
