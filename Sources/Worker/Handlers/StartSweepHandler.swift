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
        guard let settings = try await self.bridge.settings(job.tenant) else { return .done() }
        let isAsked = job.payload.asked ?? false
        var cursors: [ChangeStream: FeedCursor] = [:]
        for stream in ChangeStream.allCases {
            cursors[stream] = try await context.pool.first(ReadCursor(tenant: tenant, stream: stream.rawValue))
        }
        let orders = SweepOrders(tenant: tenant, now: context.now, cursors: cursors, sweepDays: settings.sweepDays, isAsked: isAsked)
        let lastDeletions = cursors[.deletedLeads]?.lastPageAt
        let asksForDeletions = isAsked || (lastDeletions.map { context.now.timeIntervalSince($0) >= FeedRules.deletedLeadsEvery } ?? true)
        return .done { tx in
            let run = try await tx.first(StartRun(tenant: tenant, kind: .sweep))
            // Whatever became of the job that closes a run: once an hour it is there.
            for running in try await tx.query(RunningRuns(tenant: tenant)) {
                try await tx.enqueue(FinishRun(run: running.run), tenant: job.tenant, after: .milliseconds(500))
                // One that runs already takes note of this one, and the next begins when it is done (R11); yet who asks for it asks for deletions (R13).
                if run == nil, isAsked, running.kind == .sweep {
                    try await tx.enqueue(FetchChangePage(stream: .deletedLeads, run: running.run), tenant: job.tenant)
                }
            }
            // Likewise accounts that somebody waits for and that nobody looks for any more.
            let keys = try await tx.query(FindForgottenWaits(tenant: tenant))
            try await tx.enqueue(keys.map { ResolveAccount(key: $0, run: run) }, tenant: job.tenant)
            guard let run else { return }
            try await tx.enqueue(DescribeFields(), tenant: job.tenant)
            try await tx.enqueue(ReadUsage(), tenant: job.tenant)
            for stream in ChangeStream.allCases where stream != .deletedLeads || asksForDeletions {
                try await tx.enqueue(FetchChangePage(stream: stream, run: run), tenant: job.tenant)
            }
            try await tx.enqueue(CheckFrontier(run: run), tenant: job.tenant)
            try await orders.give(in: tx)
        }
    }
}
