import FoundationEssentials
import JobQueue
import Jobs
import Marketo
import Postgres
import Store
import Sync

/// Looks for leads that no feed has told of, below the newest known one and above it; see ``CheckFrontier``.
struct CheckFrontierHandler: JobHandler {
    let bridge: Bridge

    func run(_ job: ClaimedJob<CheckFrontier>, context: JobContext) async throws -> Verdict {
        let run = job.payload.run
        guard let tenant = try await self.bridge.tenant(job.tenant),
            let state = try await context.pool.first(FindRun(tenant: tenant.id, run: run)), state.isRunning,
            let frontier = try await context.pool.first(FindFrontier(tenant: tenant.id, run: run))
        else { return .done() }
        if state.kind == .sweep, frontier.settled == nil, frontier.isPlanning {
            // The full load is about to find out how far the leads go; it looks above them before it is finished.
            return .done { tx in try await tx.execute(AdvanceRun(tenant: tenant.id, run: run, step: .probed)) }
        }
        let settled = frontier.settled ?? 0
        let unread =
            settled < frontier.newest
            ? try await context.pool.query(
                FindUnreadLeads(tenant: tenant.id, stretch: (settled + 1)...frontier.newest, limit: FrontierLook.mostUnread)) : []
        let look = FrontierLook(above: frontier.newest, unread: unread)
        let answer = try await tenant.read(look.ids, for: .hourly)
        if let unread = answer.unread { throw unread.error }
        let top = (answer.leads.map(\.id.rawValue) + answer.unreadable.compactMap { $0.leadID?.rawValue }).filter { $0 > frontier.newest }.max()
        let reading = LeadReading(
            tenant: tenant.id, settings: tenant.settings, observedAt: context.now, answer: answer, absence: .unremarkable, run: run,
            isCautious: job.isDoubtful)
        return .done { tx in
            try await reading.store(in: tx, by: job.id)
            try await tx.execute(MoveFrontier(tenant: tenant.id, run: run, to: top ?? look.reaches))
            if let top, let dense = look.dense, top > dense.upperBound {
                // Far above: everything between is read block by block, and then it is looked again (``FinishRun``).
                let blocks = LeadBlock(holding: LeadID(rawValue: dense.upperBound + 1)).number...LeadBlock(holding: LeadID(rawValue: top)).number
                try await tx.execute(WantBlocks(tenant: tenant.id, run: run, blocks: blocks))
                let taken = try await tx.query(TakeBlocks(tenant: tenant.id, run: run, limit: blocks.count))
                try await tx.enqueue(
                    taken.map { FetchLeadPage(block: LeadBlock(number: $0), run: run, purpose: .frontier) }, tenant: job.tenant,
                    priority: BlockPurpose.frontier.urgency)
            } else if top != nil || look.dense == nil {
                try await tx.enqueue(job.payload, tenant: job.tenant)
            } else {
                try await tx.execute(AdvanceRun(tenant: tenant.id, run: run, step: .probed))
            }
        }
    }
}
