import FoundationEssentials
import JobQueue
import Jobs
import Postgres
import Store
import Sync

/// Begins the hourly sync; see ``StartSweep``.
struct StartSweepHandler: JobHandler {
    let bridge: Bridge

    func run(_ job: ClaimedJob<StartSweep>, context: JobContext) async throws -> Verdict {
        let tenant = TenantID(rawValue: job.tenant)
        guard try await self.bridge.settings(job.tenant) != nil else { return .done() }
        let lastDeletions = try await context.pool.first(ReadCursor(tenant: tenant, stream: ChangeStream.deletedLeads.rawValue))?.lastPageAt
        let asksForDeletions = lastDeletions.map { context.now.timeIntervalSince($0) >= FeedRules.deletedLeadsEvery } ?? true
        return .done { tx in
            // One that runs already takes note of it, and the next begins when it is done (R11).
            guard let run = try await tx.first(StartRun(tenant: tenant, kind: .sweep)) else { return }
            try await tx.enqueue(DescribeFields(), tenant: job.tenant)
            try await tx.enqueue(ReadUsage(), tenant: job.tenant)
            for stream in ChangeStream.allCases where stream != .deletedLeads || asksForDeletions {
                try await tx.enqueue(FetchChangePage(stream: stream), tenant: job.tenant)
            }
            try await tx.enqueue(CheckFrontier(run: run), tenant: job.tenant)
            try await tx.enqueue(FinishRun(run: run), tenant: job.tenant, after: .milliseconds(500))
        }
    }
}
