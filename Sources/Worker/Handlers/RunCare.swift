import JobQueue
import Jobs
import Postgres
import Store
import Sync

/// Keeps a run from standing still for ever, whatever became of the jobs that bring it on.
///
/// A job that was called off is made anew. One that died is a person's to look at: the run goes on without it, with a note.
struct RunCare: Sendable {
    let tenant: TenantID
    let run: Int64
    let kind: RunKind?

    /// Sees to it that somebody does what `look` found to be left.
    func bringOn(_ look: CloseRun.Row, in tx: PostgresTransaction) async throws {
        if look.isPlanning { try await self.bringOnPlan(in: tx) }
        if look.isReading { try await self.bringOnBlocks(in: tx) }
        if look.wantsProbe { try await self.bringOnProbe(in: tx) }
    }

    private func bringOnPlan(in tx: PostgresTransaction) async throws {
        let plan = StartFullLoad(run: self.run)
        let fate = try await self.fate(of: plan, in: tx)
        if let dead = fate?.dead, fate?.isAlive == false {
            try await tx.execute(CancelRun(tenant: self.tenant, run: self.run))
            let text = "A full load could not be planned and was given up; job \(dead) tells why. kakehashi sync --full begins a new one."
            try await tx.execute(WriteNotes(tenant: self.tenant, notes: [.init(kind: "full_load_given_up", lead: nil, contact: nil, text: text)]))
        } else if fate?.isAlive == false {
            try await tx.enqueue(plan, tenant: self.tenant.rawValue)
        }
    }

    private func bringOnBlocks(in tx: PostgresTransaction) async throws {
        let lost = try await tx.query(FindLostBlocks(tenant: self.tenant, run: self.run))
        let dead = lost.compactMap { lost in lost.dead.map { (block: lost.block, dead: $0) } }
        let purpose: BlockPurpose? =
            switch self.kind {
            case .full, nil: nil
            case .sweep: .frontier
            case .reread: .sweep
            }
        if !dead.isEmpty { try await tx.execute(GiveUpBlocks(tenant: self.tenant, run: self.run, blocks: dead)) }
        try await tx.enqueue(
            lost.filter { $0.dead == nil }.map { FetchLeadPage(block: $0.block, run: self.run, purpose: purpose) },
            tenant: self.tenant.rawValue, priority: purpose?.urgency)
    }

    private func bringOnProbe(in tx: PostgresTransaction) async throws {
        let probe = CheckFrontier(run: self.run)
        if let dead = try await self.fate(of: probe, in: tx)?.dead {
            try await tx.execute(AdvanceRun(tenant: self.tenant, run: self.run, step: .probed))
            let text = "It could not be looked for leads above the newest one; job \(dead) tells why. The next sync looks again."
            try await tx.execute(WriteNotes(tenant: self.tenant, notes: [.init(kind: "frontier_unread", lead: nil, contact: nil, text: text)]))
        } else {
            try await tx.enqueue(probe, tenant: self.tenant.rawValue)
        }
    }

    private func fate(of job: some Job, in tx: PostgresTransaction) async throws -> FateOfJob.Row? {
        try await tx.first(FateOfJob(tenant: self.tenant, kind: type(of: job).kind, key: job.uniqueKey ?? ""))
    }
}
