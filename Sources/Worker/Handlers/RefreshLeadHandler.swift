import FoundationEssentials
import JobQueue
import Jobs
import Marketo
import Postgres
import Store
import Sync

/// Reads leads again that something hinted at, up to 300 in one call; see ``RefreshLead``.
struct RefreshLeadHandler: JobBatchHandler {
    let bridge: Bridge
    let batchSize = MarketoClient.recordsPerCall

    func run(_ jobs: [ClaimedJob<RefreshLead>], context: JobContext) async throws -> BatchVerdict {
        guard let first = jobs.first, let tenant = try await self.bridge.tenant(first.tenant) else { return .all(.done()) }
        let leads = Array(Set(jobs.map(\.payload.lead))).sorted()
        let page = try await tenant.leads(leads, for: .hourly)
        let reading = LeadReading(tenant: tenant.id, observedAt: context.now, asked: leads, page: page, priority: nil)
        return .all(.done()) { tx, _ in try await reading.store(in: tx, by: first.id) }
    }
}
