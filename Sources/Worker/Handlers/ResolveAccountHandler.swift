import JobQueue
import Jobs
import Postgres
import Store
import Sync

/// Finds or makes accounts, many keys in one transaction; see ``ResolveAccount``.
struct ResolveAccountHandler: JobBatchHandler {
    let bridge: Bridge
    let batchSize = 300

    func run(_ jobs: [ClaimedJob<ResolveAccount>], context: JobContext) async throws -> BatchVerdict {
        guard let first = jobs.first, let settings = try await self.bridge.settings(first.tenant) else { return .all(.done()) }
        let writer = AccountWriter(tenant: TenantID(rawValue: first.tenant), settings: settings)
        var verdicts: [JobID: Verdict] = [:]
        if jobs.contains(where: { $0.attempt > 1 }) {
            let questions = jobs.map { AccountWriter.Question(key: $0.payload.key, job: $0.id.rawValue) }
            let refusals = try await writer.refusals(of: questions, on: context.pool)
            for job in jobs {
                if let error = refusals[job.payload.key] { verdicts[job.id] = .retry(reason: "The database refuses this account: \(error)") }
            }
        }
        let accepted = jobs.filter { verdicts[$0.id] == nil }
        return BatchVerdict(verdicts, others: .done()) { tx, held in
            let batch = accepted.filter { held.contains($0.id) }.map { AccountWriter.Question(key: $0.payload.key, job: $0.id.rawValue) }
            if !batch.isEmpty { try await writer.resolve(batch, in: tx) }
        }
    }
}
