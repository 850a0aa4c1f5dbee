import FoundationEssentials
import JobQueue
import Jobs
import Marketo
import Postgres
import Store
import Sync

/// Reads one block of lead ids; see ``FetchLeadPage``.
struct FetchLeadPageHandler: JobHandler {
    let bridge: Bridge

    func run(_ job: ClaimedJob<FetchLeadPage>, context: JobContext) async throws -> Verdict {
        guard let tenant = try await self.bridge.tenant(job.tenant) else { return .done() }
        let block = job.payload.block
        let page = try await tenant.leads(block.leadIDs, for: .backfill)
        let reading = LeadReading(tenant: tenant.id, observedAt: context.now, asked: block.leadIDs, page: page, priority: nil)
        return .done { tx in
            try await reading.store(in: tx, by: job.id)
            try await tx.execute(
                MarkBlockScanned(tenant: tenant.id, block: block, observedAt: reading.observedAt, found: page.leads.count + page.unreadable.count))
        }
    }
}
