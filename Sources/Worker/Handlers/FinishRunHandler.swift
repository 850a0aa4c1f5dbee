import FoundationEssentials
import JobQueue
import Jobs
import Postgres
import Store
import Sync

/// Closes a run when nothing of it is left, and sees to it that what is left is done; see ``FinishRun``.
struct FinishRunHandler: JobHandler {
    func run(_ job: ClaimedJob<FinishRun>, context: JobContext) async throws -> Verdict {
        let tenant = TenantID(rawValue: job.tenant)
        guard let state = try await context.pool.first(FindRun(tenant: tenant, run: job.payload.run)), state.isRunning else { return .done() }
        guard let look = try await context.pool.first(CloseRun(tenant: tenant, run: job.payload.run, closes: false)) else { return .done() }
        if look.isFinished {
            return .done { tx in
                // Looked at once more as it is closed: something may have come in between, and then it is for the next look.
                let end = try await tx.first(CloseRun(tenant: tenant, run: job.payload.run, closes: true))
                if end?.isClosed == false {
                    try await tx.enqueue(job.payload, tenant: job.tenant, after: .milliseconds(200))
                } else if end?.wantsAnother == true, state.kind == .sweep {
                    try await tx.enqueue(StartSweep(), tenant: job.tenant)
                }
            }
        }
        if state.kind == .full { _ = try await context.pool.query(RefreshStatistics()) }
        let care = RunCare(tenant: tenant, run: job.payload.run, kind: state.kind)
        // A twentieth of its age, so that a short run is closed at once and a long one is hardly looked at.
        let age = state.now.timeIntervalSince(state.startedAt)
        let wait = Duration.milliseconds(Int64(min(max(age * 50, 200), 10_000)))
        return .postpone(for: wait, reason: "The run is not finished.") { tx in try await care.bringOn(look, in: tx) }
    }
}
