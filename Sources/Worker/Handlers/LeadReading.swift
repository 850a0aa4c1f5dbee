import FoundationEssentials
import JobQueue
import Jobs
import Marketo
import Postgres
import Store
import Sync

/// Leads as one call brought them, on their way into the database.
///
/// The one function in which every read of leads ends: a block of the full load, a lead that a feed hinted at, a look above the newest.
struct LeadReading: Sendable {
    let tenant: TenantID
    /// The database's time from before the call was sent: what is read is at least as new as this.
    let observedAt: Date
    let asked: [LeadID]
    let page: LeadPage
    /// How urgent what follows is.
    let priority: Int?

    /// How long after a lead was missed it is looked for again.
    ///
    /// Source: sync-algorithms.md 3.4.
    private static let laterLooks: [Duration] = [.seconds(600), .seconds(86_400)]

    /// Stores the leads and enqueues what follows from them.
    func store(in tx: PostgresTransaction, by job: JobID) async throws {
        if !self.page.leads.isEmpty {
            let changed = try await tx.query(
                MirrorLeads(tenant: self.tenant, observedAt: self.observedAt, leads: self.page.leads.map(CleanLead.init)))
            try await tx.enqueue(changed.map { UpsertContact(lead: $0) }, tenant: self.tenant.rawValue, priority: self.priority)
        }
        try await self.listUnreadable(in: tx, by: job)
        try await self.lookForAbsent(in: tx)
    }

    /// A lead with a value that is not of its field's type is listed, and the others of its page go on.
    private func listUnreadable(in tx: PostgresTransaction, by job: JobID) async throws {
        let entries = self.page.unreadable.compactMap { record in
            record.leadID.map {
                QuarantineEntry(
                    lead: $0, reason: "unreadable", value: record.member, observedAt: self.observedAt, snapshot: 0, job: job.rawValue)
            }
        }
        if !entries.isEmpty { try await tx.execute(ListInQuarantine(tenant: self.tenant, entries: entries)) }
    }

    private func lookForAbsent(in tx: PostgresTransaction) async throws {
        let present = Set(self.page.leads.map(\.id)).union(self.page.unreadable.compactMap(\.leadID))
        let absent = self.asked.filter { !present.contains($0) }
        guard !absent.isEmpty else { return }
        for missed in try await tx.query(NoteAbsentLeads(tenant: self.tenant, leads: absent, observedAt: self.observedAt)) {
            if missed.checks <= Self.laterLooks.count {
                try await tx.enqueue(RefreshLead(lead: missed.lead), tenant: self.tenant.rawValue, after: Self.laterLooks[missed.checks - 1])
            } else {
                let text = "Lead \(missed.lead) is not accessible any more: not deleted, not merged, perhaps moved to another partition."
                try await tx.execute(
                    WriteNotes(tenant: self.tenant, notes: [WriteNotes.Note(kind: "not_accessible", lead: missed.lead, contact: nil, text: text)]))
            }
        }
    }
}
