import FoundationEssentials
package import Postgres
package import Sync

/// Turns leads, as they were last read, into contacts: the one function in which every source of news about a lead ends.
///
/// It reads what is there, decides for all leads of the batch in memory (`ContactMatch`), and writes with a handful of statements
/// however many leads there are. Applying the same read twice changes nothing.
package struct ContactWriter: Sendable {
    /// What came of a batch.
    package struct Outcome: Sendable {
        /// The jobs whose leads changed something in `crm`.
        let changed: [Int64]
        /// The account keys that somebody now waits for, each with a job that asked for it.
        package let accountKeys: [String: Int64]
    }

    let tenant: TenantID
    private(set) var settings: TenantSettings
    /// Whether accounts that are not there are made here too, if that can be done now.
    var makesAccounts = false

    /// For `tenant`, by its settings as they were last seen; they are read anew when it has its turn.
    package init(tenant: TenantID, settings: TenantSettings) {
        self.tenant = tenant
        self.settings = settings
    }

    /// Applies a batch in the transaction `tx`, which from here to its end holds the tenant's turn to write.
    package func apply(_ batch: [LeadToApply], in tx: PostgresTransaction) async throws(PostgresError) -> Outcome {
        try await tx.execute(HoldTurn(tenant: self.tenant))
        guard let terms = try await tx.first(FindTerms(tenant: self.tenant)) else { return Outcome(changed: [], accountKeys: [:]) }
        return try await self.on(terms).count(batch, in: tx)
    }

    func on(_ terms: FindTerms.Row) -> ContactWriter {
        var writer = self
        // What a hand has left that is no setting: as it was before.
        if let settings = try? TenantSettings(overrides: terms.overrides) { writer.settings = settings }
        return writer
    }

    func count(_ batch: [LeadToApply], in tx: PostgresTransaction) async throws(PostgresError) -> Outcome {
        let outcome = try await self.write(batch, in: tx)
        if !outcome.changed.isEmpty { try tx.post(CountChanges(tenant: self.tenant, jobs: outcome.changed)) }
        return outcome
    }

    /// Which leads of a batch the database itself refuses, and why: found by halving, and nothing of it stays.
    ///
    /// For a batch that failed: the leads named here are tried again each for itself, all others go through (promise 5).
    package func refusals(of batch: [LeadToApply], on pool: PostgresPool) async throws -> [LeadID: PostgresError] {
        try await Rehearsal.run(batch, on: pool, hold: HoldTurn(tenant: self.tenant)) { part, tx throws(PostgresError) in
            _ = try await self.write(part, in: tx)
        }.reduce(into: [:]) { $0[$1.item.lead] = $1.error }
    }

    private func write(_ batch: [LeadToApply], in tx: PostgresTransaction) async throws(PostgresError) -> Outcome {
        let jobs = Dictionary(batch.map { ($0.lead, $0.job) }, uniquingKeysWith: { first, _ in first })
        let unread = batch.filter { $0.stored == nil }.map(\.lead)
        var leads = batch.compactMap(\.stored)
        if !unread.isEmpty { leads += try await tx.query(ReadMirror(tenant: self.tenant, leads: Array(Set(unread)))) }
        leads.sort { $0.lead.id < $1.lead.id }
        let emails = Set(
            leads.compactMap { lead -> EmailKey? in
                if case .valid(let address) = lead.email { address.key } else { nil }
            })
        let candidates = try await tx.query(FindContacts(tenant: self.tenant, leads: leads.map(\.lead.id), emails: Array(emails)))
        let plan = ContactPlan(leads: leads, candidates: candidates, settings: self.settings, jobs: jobs)
        return try await self.write(plan, unlisted: Set(batch.lazy.filter { !$0.mayBeListed }.map(\.lead)), in: tx)
    }

    private func write(_ plan: ContactPlan, unlisted: Set<LeadID>, in tx: PostgresTransaction) async throws(PostgresError) -> Outcome {
        let tenant = self.tenant
        let drafts = plan.drafts.values.sorted { $0.lead.lead.id < $1.lead.lead.id }
        var ids: [ContactID] = []
        var makesAccounts = false
        if !drafts.isEmpty, self.makesAccounts {
            let taken = try await tx.query(TakeContactIDs(count: drafts.count), and: TakeAccountsTurn(tenant: tenant))
            ids = taken.first
            makesAccounts = taken.second.first ?? false
        } else if !drafts.isEmpty {
            ids = try await tx.query(TakeContactIDs(count: drafts.count))
        }
        let idOfDraft = Dictionary(zip(drafts.map(\.lead.lead.id), ids), uniquingKeysWith: { first, _ in first })
        func contact(_ target: ContactDecision.Target) -> ContactID? {
            switch target {
            case .existing(let id): id
            case .madeOf(let lead): idOfDraft[lead]
            }
        }

        // Who has none then waits for one that is made in turn with all who ask for it (`resolve-account`).
        let homes = try await self.homes(of: plan, makesAccounts: makesAccounts, in: tx)
        if !drafts.isEmpty {
            let contacts = zip(ids, drafts).map { NewContact(id: $0, draft: $1, home: homes[.madeOf($1.lead.lead.id)]) }
            try tx.post(MakeContacts(tenant: tenant, contacts: contacts))
        }
        let updated = plan.updates.isEmpty ? [] : try await tx.query(UpdateContacts(tenant: tenant, updates: Array(plan.updates.values)))
        try self.write(plan.links, contact, in: tx)
        if !updated.isEmpty { try tx.post(DemoteLinks(tenant: tenant, contacts: updated)) }
        if !plan.quarantine.isEmpty { try tx.post(ListInQuarantine(tenant: tenant, entries: plan.quarantine)) }
        // Those whose contact a user deleted belong there as little as those that have one.
        let healed = (plan.registered + plan.heldBack).filter { !unlisted.contains($0.lead) }
        if !healed.isEmpty { try tx.post(HealQuarantine(tenant: tenant, leads: healed)) }
        if !plan.heldBack.isEmpty { try tx.post(RecordHeldBack(tenant: tenant, leads: plan.heldBack)) }
        if !plan.notes.isEmpty {
            let notes = plan.notes.map { WriteNotes.Note($0.note, contact: $0.target.flatMap(contact)) }
            try tx.post(WriteNotes(tenant: tenant, notes: notes))
        }
        let changed = drafts.map(\.job) + updated.compactMap { plan.updates[$0]?.job } + plan.links.filter { $0.isNew && $0.rule != .new }.map(\.job)
        let homeless = plan.homeless.values.filter { homes[$0.target] == nil }
        return Outcome(changed: changed, accountKeys: try await self.wait(homeless, contact, in: tx))
    }

    /// The accounts of the contacts that are to be made, as far as they are there or may be made now.
    private func homes(
        of plan: ContactPlan, makesAccounts: Bool, in tx: PostgresTransaction
    ) async throws(PostgresError) -> [ContactDecision.Target: AccountHome] {
        let new = plan.homeless.values.filter { if case .madeOf = $0.target { true } else { false } }.sorted { $0.lead.lead.id < $1.lead.lead.id }
        guard !new.isEmpty else { return [:] }
        let writer = AccountWriter(tenant: self.tenant, settings: self.settings)
        var cases = new.map { AccountCase(lead: $0.lead.lead.id, plan: self.accountPlan(of: $0.lead), job: $0.job) }
        if makesAccounts {
            try await writer.settle(&cases, in: tx)
        } else {
            for (place, home) in try await writer.homes(by: cases.map(\.plan), firstOnly: true, in: tx).enumerated() { cases[place].home = home }
        }
        return zip(new, cases).reduce(into: [:]) { $0[$1.0.target] = $1.1.home }
    }

    private func accountPlan(of lead: MirroredLead) -> AccountPlan {
        AccountPlan(lead: lead.lead, email: lead.email, settings: self.settings)
    }

    /// Has contacts wait for their account, and tells which keys are waited for.
    private func wait(
        _ homeless: [ContactPlan.Homeless], _ contact: (ContactDecision.Target) -> ContactID?, in tx: PostgresTransaction
    ) async throws(PostgresError) -> [String: Int64] {
        var jobs: [ContactID: Int64] = [:]
        var waits: [AccountWait] = []
        for one in homeless {
            guard let id = contact(one.target) else { continue }
            jobs[id] = one.job
            waits.append(AccountWait(contact: id, lead: one.lead.lead.id, key: self.accountPlan(of: one.lead).key.bounded))
        }
        guard !waits.isEmpty else { return [:] }
        return try await tx.query(WriteAccountWaits(tenant: self.tenant, waits: waits)).reduce(into: [:]) { $0[$1.key] = jobs[$1.contact] }
    }

    private func write(
        _ links: [ContactPlan.Link], _ contact: (ContactDecision.Target) -> ContactID?, in tx: PostgresTransaction
    ) throws(PostgresError) {
        let known = links.compactMap { link in contact(link.target).map { (link: link, contact: $0) } }
        guard !known.isEmpty else { return }
        let changes = known.map {
            LinkChange(
                lead: $0.link.lead.lead.id, contact: $0.contact, rule: $0.link.rule.rawValue, observedAt: $0.link.lead.observedAt,
                snapshot: $0.link.lead.snapshot)
        }
        try tx.post(WriteLinks(tenant: self.tenant, links: changes))
        let entries = known.filter { $0.link.isNew && $0.link.rule != .new }.map {
            RecordEntry(
                what: "contact_linked", lead: $0.link.lead.lead.id, contact: $0.contact, rule: $0.link.rule.rawValue, job: $0.link.job)
        }
        if !entries.isEmpty { try tx.post(WriteRecord(tenant: self.tenant, entries: entries)) }
    }
}
