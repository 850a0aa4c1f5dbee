import JobQueue
import Jobs
import Marketo
import Postgres
import Store
import Sync

/// What a page of activities tells: which leads to read again, which were merged, which are gone.
struct PageNews: Sendable {
    let stream: ChangeStream
    let page: ActivityPage
    /// Only what no page has told of before; else all of it.
    var isSecondLook = false

    /// Stores it, and enqueues the reading of the leads it names.
    func store(in tx: PostgresTransaction, for tenant: TenantID, by job: JobID, run: Int64?) async throws {
        let guids = self.page.activities.compactMap(\.marketoGUID) + self.page.unreadable.compactMap(\.marketoGUID)
        let fresh = guids.isEmpty ? [] : Set(try await tx.query(NoteSeenActivities(tenant: tenant, guids: guids)))
        let page = self.isSecondLook ? self.page.filter { $0.map(fresh.contains) ?? true } : self.page
        var dirty = Set(page.unreadable.compactMap(\.leadID))
        switch self.stream {
        case .deletedLeads:
            let gone = Set(page.activities.map { $0.primaryAttributeID.flatMap(LeadID.init(sane:)) ?? $0.leadID })
            if !gone.isEmpty {
                // In turn with the batches that are applied: one that has read such a lead would make its links active again.
                try await tx.execute(HoldTurn(tenant: tenant))
                try await tx.execute(MarkLeadsDeleted(tenant: tenant, leads: gone.sorted(), job: job.rawValue))
            }
        case .activities, .leadChanges:
            dirty.formUnion(page.activities.map(\.leadID))
            let merges = page.activities.flatMap { merge in merge.mergedLeads.map { (loser: $0, winner: merge.leadID) } }
            if !merges.isEmpty {
                try await tx.execute(HoldTurn(tenant: tenant))
                let winners = try await tx.query(
                    MergeLeads(tenant: tenant, losers: merges.map(\.loser), winners: merges.map(\.winner), job: job.rawValue))
                dirty.subtract(merges.map(\.loser))
                dirty.formUnion(winners)
            }
        }
        // Once each, whichever look came first.
        let illegible = page.unreadable.filter { record in
            (record.leadID == nil || self.stream == .deletedLeads) && (record.marketoGUID.map(fresh.contains) ?? true)
        }
        if !illegible.isEmpty {
            try await tx.execute(
                NoteIllegible(
                    tenant: tenant, records: illegible.map { (guid: $0.marketoGUID, member: $0.member) }, stream: self.stream.rawValue,
                    job: job.rawValue))
        }
        try await tx.enqueue(dirty.sorted().map { RefreshLead(lead: $0, run: run) }, tenant: tenant.rawValue)
    }
}
