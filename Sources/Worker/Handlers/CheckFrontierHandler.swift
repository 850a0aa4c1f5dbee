import FoundationEssentials
import JobQueue
import Jobs
import Marketo
import Postgres
import Store
import Sync

/// Looks for leads above the newest known one; see ``CheckFrontier``.
struct CheckFrontierHandler: JobHandler {
    let bridge: Bridge

    func run(_ job: ClaimedJob<CheckFrontier>, context: JobContext) async throws -> Verdict {
        let run = job.payload.run
        guard let tenant = try await self.bridge.tenant(job.tenant),
            let state = try await context.pool.first(FindRun(tenant: tenant.id, run: run)), state.isRunning
        else { return .done() }
        let frontier = try await context.pool.first(FindFrontier(tenant: tenant.id))
        if state.kind == .sweep, frontier?.isLoading == true {
            // The full load itself looks above what it has read, before it is finished.
            return .done { tx in try await tx.execute(AdvanceRun(tenant: tenant.id, run: run, step: .probed)) }
        }
        let newest = frontier?.newest ?? 0
        let look = FrontierLook(above: newest)
        let page = try await tenant.leads(look.ids, for: .hourly)
        let top = (page.leads.map(\.id.rawValue) + page.unreadable.compactMap { $0.leadID?.rawValue }).max()
        let reading = LeadReading(tenant: tenant.id, observedAt: context.now, asked: [], page: page, priority: nil)
        return .done { tx in
            try await reading.store(in: tx, by: job.id)
            guard let top else {
                try await tx.execute(AdvanceRun(tenant: tenant.id, run: run, step: .probed))
                return
            }
            if top > look.dense.upperBound {
                // Far above: everything between is read block by block, and then it is looked again (``FinishRun``).
                let blocks = LeadBlock(holding: LeadID(rawValue: look.dense.upperBound + 1)).number...LeadBlock(holding: LeadID(rawValue: top)).number
                try await tx.execute(WantBlocks(tenant: tenant.id, run: run, blocks: blocks))
                let taken = try await tx.query(TakeBlocks(tenant: tenant.id, run: run, limit: blocks.count))
                try await tx.enqueue(
                    taken.map { FetchLeadPage(block: LeadBlock(number: $0)) }, tenant: job.tenant, priority: Urgency.hourly)
            } else {
                try await tx.enqueue(CheckFrontier(run: run), tenant: job.tenant)
            }
        }
    }
}
