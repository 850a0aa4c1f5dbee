import JobQueue
import Jobs
import Postgres
import Runtime
import Store
import Sync

/// Has the workers read leads again, apply what they read and send what sales did, whatever was applied and sent before, and waits until they have.
struct RepairOrder: Sendable {
    /// So many leads at a time: what waits in the queue stays short, and so does each look at it.
    private static let portion = 3_000

    let place: Workplace
    let tenant: Tenant
    let settings: TenantSettings
    let words: Words

    /// Hands the leads to the queue, portion by portion.
    ///
    /// - Throws: a ``Complaint``: 75 when the quota holds the jobs, 1 when the time is over or a person is needed.
    func run(_ leads: [LeadID], timeout: Duration?) async throws {
        let deadline = timeout.map { ContinuousClock.now + $0 }
        for start in stride(from: 0, to: leads.count, by: Self.portion) {
            let part = Array(leads[start..<min(start + Self.portion, leads.count)])
            try await self.place.pool.transaction { tx in
                // In turn with the batches that are applied: one that has read such a lead before would note what it applied after this.
                try await tx.execute(HoldTurn(tenant: self.tenant.id))
                try await tx.execute(ForgetApplied(tenant: self.tenant.id, leads: part))
                _ = try await tx.enqueue(part.map { RefreshLead(lead: $0) }, tenant: self.tenant.id.rawValue)
                try await Projection(tenant: self.tenant.id, settings: self.settings).pushAgain(part, in: tx)
            }
            let wait = SettledWait(pool: self.place.pool, tenant: self.tenant.name, words: self.words, terminal: .error)
            // A job that dies leaves its lead as it was; the look afterwards tells of it.
            try await wait.run(timeout: deadline.map { $0 - .now }, deadBefore: .max) {
                try await self.place.pool.first(CountLeadJobs(tenant: self.tenant.id, leads: part, includingDue: true)) ?? 0
            }
        }
    }
}
