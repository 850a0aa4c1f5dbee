import FoundationEssentials
import JobQueue
import Jobs
import Marketo
import Postgres
import Store
import Sync

/// Leads as they were read, on their way into the database.
///
/// The one function in which every read of leads ends: a block of the full load, a lead that a feed hinted at, a look above the newest.
struct LeadReading: Sendable {
    /// What an id that is not in the answer means.
    enum Absence: Sendable {
        /// Nothing: ids were tried.
        case unremarkable
        /// A lead that was read before is missed (a block).
        case ofKnown
        /// A lead is missed, as something hinted at it.
        case ofHinted
    }

    let tenant: TenantID
    /// By which its leads become contacts.
    let settings: TenantSettings
    /// The database's time from before the call was sent: what is read is at least as new as this.
    let observedAt: Date
    let answer: LeadAnswer
    let absence: Absence
    /// The run that waits for what follows, if any does.
    let run: Int64?
    /// Each lead becomes a contact in a job of its own: what reads them has failed or fallen before, and one of them may be to blame.
    let isCautious: Bool

    /// Leads that were stored: those that no newer read outdoes, and what is known of them without looking again.
    fileprivate struct Mirrored {
        var leads: [LeadID] = []
        var stored: [LeadID: MirroredLead] = [:]
    }

    /// How long after a lead was missed it is looked for again.
    ///
    /// Source: sync-algorithms.md 3.4.
    private static let laterLooks: [Duration] = [.seconds(600), .seconds(86_400)]

    /// Stores the leads, brings their contacts up to date, and enqueues what follows from them.
    func store(in tx: PostgresTransaction, by job: JobID) async throws { try await [self].store(in: tx, by: job) }

    /// Stores the leads as they were read, and tells which of them no newer read outdoes.
    fileprivate func mirror(in tx: PostgresTransaction) async throws(PostgresError) -> Mirrored {
        guard !self.answer.leads.isEmpty else { return Mirrored() }
        LeadMetrics.shared.note(self.answer.leads.count, as: .read, when: tx)
        let write = MirrorLeads(
            tenant: self.tenant, observedAt: self.observedAt, leads: self.answer.leads.map(CleanLead.init),
            unasked: self.answer.unasked.map(\.column))
        let rows = try await tx.query(write)
        return Mirrored(leads: rows.map(\.lead), stored: write.stored(rows))
    }

    fileprivate func follow(_ mirrored: Mirrored, in tx: PostgresTransaction, by job: JobID, for jobs: [LeadID: JobID]) async throws {
        try await self.apply(mirrored, in: tx) { (jobs[$0] ?? job).rawValue }
        if self.answer.lacksField { try await tx.enqueue(DescribeFields(), tenant: self.tenant.rawValue) }
        try await self.listUnreadable(in: tx, by: job)
        try await self.lookForAbsent(in: tx, by: job)
    }

    /// Those of the leads that were stored which have news become contacts in the same transaction; if that can't be, each gets a job.
    private func apply(_ mirrored: Mirrored, in tx: PostgresTransaction, by job: (LeadID) -> Int64) async throws {
        guard !mirrored.leads.isEmpty else { return }
        let writer = ContactWriter(tenant: self.tenant, settings: self.settings)
        let turn = try await writer.takeTurn(for: mirrored.leads, observedAt: self.observedAt, in: tx)
        guard !turn.stale.isEmpty else { return }
        let batch = turn.stale.map { LeadToApply($0, stored: mirrored.stored[$0.lead], job: job($0.lead)) }
        if !self.isCautious, let outcome = try await writer.applyAtOnce(batch, in: turn, tx) {
            LeadMetrics.shared.note(batch.count, as: .applied, when: tx)
            try await tx.enqueue(outcome.accountKeys.keys.map { ResolveAccount(key: $0, run: self.run) }, tenant: self.tenant.rawValue)
        } else {
            try await tx.enqueue(batch.map { UpsertContact(lead: $0.lead, run: self.run) }, tenant: self.tenant.rawValue)
        }
    }

    /// A lead with a value that is not of its field's type is listed, and the others of its page go on.
    private func listUnreadable(in tx: PostgresTransaction, by job: JobID) async throws {
        let entries = self.answer.unreadable.compactMap { record in
            record.leadID.map {
                QuarantineEntry(
                    lead: $0, reason: "unreadable", value: record.member, observedAt: self.observedAt, snapshot: 0, job: job.rawValue)
            }
        }
        if !entries.isEmpty { try await tx.execute(ListInQuarantine(tenant: self.tenant, entries: entries)) }
    }

    private func lookForAbsent(in tx: PostgresTransaction, by job: JobID) async throws {
        guard self.absence != .unremarkable else { return }
        let present = Set(self.answer.leads.map(\.id)).union(self.answer.unreadable.compactMap(\.leadID))
        let absent = self.answer.asked.filter { !present.contains($0) }
        guard !absent.isEmpty else { return }
        let missed = try await tx.query(
            NoteAbsentLeads(tenant: self.tenant, leads: absent, observedAt: self.observedAt, areHinted: self.absence == .ofHinted))
        for one in missed {
            if one.checks <= Self.laterLooks.count {
                try await tx.enqueue(RefreshLead(lead: one.lead), tenant: self.tenant.rawValue, after: Self.laterLooks[one.checks - 1])
            }
        }
        let lost = missed.filter { $0.checks > Self.laterLooks.count }.map(\.lead)
        guard !lost.isEmpty else { return }
        let notes = lost.map {
            let text = "Lead \($0) is not accessible: not deleted, not merged, perhaps moved to another partition."
            return WriteNotes.Note(kind: "not_accessible", lead: $0, contact: nil, text: text)
        }
        try await tx.execute(WriteNotes(tenant: self.tenant, notes: notes))
        let entries = lost.map { RecordEntry(what: "lead_not_accessible", lead: $0, contact: nil, rule: "missing", job: job.rawValue) }
        try await tx.execute(WriteRecord(tenant: self.tenant, entries: entries))
    }
}

extension [LeadReading] {
    /// Stores what several runs wait for, as one.
    ///
    /// - Parameters:
    ///   - job: whose read it was.
    ///   - jobs: the jobs that asked for some of the leads, if not that one.
    func store(in tx: PostgresTransaction, by job: JobID, for jobs: [LeadID: JobID] = [:]) async throws {
        // All rows of the mirror before the tenant's turn is taken: whoever has the turn waits for none of them.
        var mirrored: [LeadReading.Mirrored] = []
        for reading in self { mirrored.append(try await reading.mirror(in: tx)) }
        for (reading, mirrored) in zip(self, mirrored) { try await reading.follow(mirrored, in: tx, by: job, for: jobs) }
    }
}

extension LeadField {
    /// Its column in `sync.lead_mirror`.
    fileprivate var column: String {
        switch self {
        case .email: "email"
        case .firstName: "first_name"
        case .lastName: "last_name"
        case .company: "company"
        case .phone: "phone"
        case .mainPhone: "main_phone"
        case .mobilePhone: "mobile_phone"
        case .title: "title"
        case .department: "department"
        case .leadScore: "lead_score"
        case .acquisitionDate: "acquisition_date"
        case .createdAt: "created_at"
        case .updatedAt: "updated_at"
        }
    }
}
