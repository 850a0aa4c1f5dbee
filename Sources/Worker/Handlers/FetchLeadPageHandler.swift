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
        let answer = try await tenant.read(block.leadIDs, for: CallLane(job.payload.purpose ?? .load))
        // Half a block is no block.
        if let unread = answer.unread { throw unread.error }
        let reading = LeadReading(
            tenant: tenant.id, settings: tenant.settings, observedAt: context.now, answer: answer, absence: .ofKnown, run: job.payload.run,
            isCautious: job.isDoubtful)
        // Ids that Marketo does not even let one ask for are listed; the block is read all the same.
        let refused = answer.refused.map {
            QuarantineEntry(lead: $0.lead, reason: "refused", value: "\($0.error)", observedAt: context.now, snapshot: 0, job: job.id.rawValue)
        }
        return .done { tx in
            try await reading.store(in: tx, by: job.id)
            if !refused.isEmpty { try await tx.execute(ListInQuarantine(tenant: tenant.id, entries: refused)) }
            let found = answer.leads.count + answer.unreadable.count
            try tx.post(
                MarkBlockScanned(tenant: tenant.id, block: block, observedAt: reading.observedAt, found: found, run: job.payload.run))
        }
    }
}
