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
        let answer = try await tenant.read(leads, for: .hourly)
        let readings = self.readings(of: answer, for: jobs, tenant: tenant, at: context.now)
        let jobOfLead = Dictionary(jobs.map { ($0.payload.lead, $0.id) }, uniquingKeysWith: { first, _ in first })
        return BatchVerdict(self.verdicts(on: jobs, answer), others: .done()) { tx, _ in
            try await readings.store(in: tx, by: first.id, for: jobOfLead)
        }
    }

    /// The answer, with the leads apart for each run that waits for some; nearly always one.
    private func readings(of answer: LeadAnswer, for jobs: [ClaimedJob<RefreshLead>], tenant: ConnectedTenant, at now: Date) -> [LeadReading] {
        let runs = Set(jobs.map(\.payload.run))
        return runs.sorted { ($0 ?? 0) < ($1 ?? 0) }.map { run in
            let leads = Set(jobs.filter { $0.payload.run == run }.map(\.payload.lead))
            return LeadReading(
                tenant: tenant.id, settings: tenant.settings, observedAt: now, answer: runs.count == 1 ? answer : answer.about(leads),
                absence: .ofHinted, run: run, isCautious: jobs.contains(where: \.isDoubtful))
        }
    }

    /// What becomes of the leads that were not read; each of the others is done.
    private func verdicts(on jobs: [ClaimedJob<RefreshLead>], _ answer: LeadAnswer) -> [JobID: Verdict] {
        let refused = Dictionary(answer.refused.map { ($0.lead, $0.error) }, uniquingKeysWith: { first, _ in first })
        let unread = Set(answer.unread?.leads ?? [])
        var verdicts: [JobID: Verdict] = [:]
        for job in jobs {
            if let error = refused[job.payload.lead] {
                verdicts[job.id] = .bury(reason: "\(error)")
            } else if unread.contains(job.payload.lead), let error = answer.unread?.error {
                verdicts[job.id] = (error as? any JobVerdictConvertible)?.verdict ?? .retry(reason: "\(error)")
            }
        }
        return verdicts
    }
}
