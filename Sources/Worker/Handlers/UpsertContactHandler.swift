import JobQueue
import Jobs
import Postgres
import Store
import Sync

/// Brings contacts up to date, many leads in one transaction; see ``UpsertContact``.
struct UpsertContactHandler: JobBatchHandler {
    let bridge: Bridge
    let batchSize = 500

    func run(_ jobs: [ClaimedJob<UpsertContact>], context: JobContext) async throws -> BatchVerdict {
        guard let first = jobs.first, let settings = try await self.bridge.settings(first.tenant) else { return .all(.done()) }
        let tenant = TenantID(rawValue: first.tenant)
        let writer = ContactWriter(tenant: tenant, settings: settings)
        var verdicts: [JobID: Verdict] = [:]
        if jobs.contains(where: { $0.attempt > 1 }) {
            // One of these has failed before. Whoever is refused now fails alone; all others go through (promise 5).
            let refusals = try await writer.refusals(of: jobs.map { LeadToApply(lead: $0.payload.lead, job: $0.id.rawValue) }, on: context.pool)
            for job in jobs {
                if let error = refusals[job.payload.lead] { verdicts[job.id] = .retry(reason: "The database refuses this record: \(error)") }
            }
        }
        let accepted = jobs.filter { verdicts[$0.id] == nil }
        return BatchVerdict(verdicts, others: .done()) { tx, held in
            let batch = accepted.filter { held.contains($0.id) }.map { LeadToApply(lead: $0.payload.lead, job: $0.id.rawValue) }
            guard !batch.isEmpty else { return }
            let outcome = try await writer.apply(batch, in: tx)
            LeadMetrics.shared.note(batch.count, as: .applied, when: tx)
            let runs = Dictionary(accepted.map { ($0.id.rawValue, $0.payload.run) }, uniquingKeysWith: { first, _ in first })
            try await tx.enqueue(outcome.accountKeys.map { ResolveAccount(key: $0.key, run: runs[$0.value] ?? nil) }, tenant: tenant.rawValue)
        }
    }
}
