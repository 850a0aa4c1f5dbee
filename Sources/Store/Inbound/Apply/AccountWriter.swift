import FoundationEssentials
package import Postgres
package import Sync

/// Finds or makes the accounts that contacts wait for, and links them (R43–R51).
package struct AccountWriter: Sendable {
    /// An account key somebody waits for, and the job that asked.
    package struct Question: Sendable {
        /// The key, in its bounded form.
        package let key: String
        /// The job, for the record.
        package let job: Int64
        /// `key`, for `job`.
        package init(key: String, job: Int64) {
            self.key = key
            self.job = job
        }
    }

    let tenant: TenantID
    let settings: TenantSettings

    /// For `tenant`, by its settings.
    package init(tenant: TenantID, settings: TenantSettings) {
        self.tenant = tenant
        self.settings = settings
    }

    /// Answers a batch in the transaction `tx`, which from here to its end holds the tenant's turn to write.
    package func resolve(_ batch: [Question], in tx: PostgresTransaction) async throws(PostgresError) {
        try await tx.execute(HoldTurn(tenant: self.tenant, to: .accounts))
        try await self.write(batch, in: tx)
    }

    /// Which questions of a batch the database itself refuses to have answered, and why; nothing of it stays.
    ///
    /// As with contacts.
    package func refusals(of batch: [Question], on pool: PostgresPool) async throws -> [String: PostgresError] {
        try await Rehearsal.run(batch, on: pool, hold: HoldTurn(tenant: self.tenant, to: .accounts)) { part, tx throws(PostgresError) in
            try await self.write(part, in: tx)
        }.reduce(into: [:]) { $0[$1.item.key] = $1.error }
    }

    /// A key with the plan that its lead has by the present settings.
    private struct Case {
        let question: Question
        let lead: LeadID
        let plan: AccountPlan
        var account: AccountID?
        var how = ""
    }

    private func write(_ batch: [Question], in tx: PostgresTransaction) async throws(PostgresError) {
        let waiting = try await tx.query(FindWaitingLeads(tenant: self.tenant, keys: batch.map(\.key)))
        let leadOfKey = Dictionary(waiting.map { ($0.key, $0.lead) }, uniquingKeysWith: { first, _ in first })
        let leads = try await tx.query(ReadMirror(tenant: self.tenant, leads: Array(Set(leadOfKey.values)), includingGone: true))
        let leadOfID = Dictionary(leads.map { ($0.lead.id, $0.lead) }, uniquingKeysWith: { first, _ in first })
        let cases = batch.compactMap { question -> Case? in
            guard let id = leadOfKey[question.key], let lead = leadOfID[id] else { return nil }
            return Case(question: question, lead: id, plan: AccountPlan(lead: lead, settings: self.settings))
        }
        // Domains first: what they make, a lead that asks by name and phone may find.
        try await self.answer(cases.filter { $0.plan.key.domain != nil }, in: tx)
        try await self.answer(cases.filter { $0.plan.key.domain == nil }, in: tx)
    }

    private func answer(_ cases: [Case], in tx: PostgresTransaction) async throws(PostgresError) {
        guard !cases.isEmpty else { return }
        var cases = cases
        for (place, home) in try await self.homes(by: cases.map(\.plan), in: tx).enumerated() {
            cases[place].account = home?.account
            cases[place].how = home?.rule ?? ""
        }
        try await self.make(&cases, in: tx)
        let answers = cases.compactMap { one in
            one.account.map { LinkWaitingContacts.Answer(key: one.question.key, account: $0, rule: one.how, job: one.question.job) }
        }
        try await tx.execute(LinkWaitingContacts(tenant: self.tenant, answers: answers))
    }

    /// R51, D1: what was not found is made; keys that would make accounts alike make one.
    private func make(_ cases: inout [Case], in tx: PostgresTransaction) async throws(PostgresError) {
        var drafts: [MakeAccounts.Draft] = []
        var draftOfKey: [AccountKey: Int] = [:]
        var draftOfRememberedKey: [String: Int] = [:]
        var draftOfCase: [Int: Int] = [:]
        for (place, one) in cases.enumerated() where one.account == nil {
            let sameness = one.plan.lookups.last ?? .placeholder
            let remembered = one.plan.key.bounded
            // By what would be found, and by what is remembered: after a change of settings two questions may have come to the same key.
            if let draft = draftOfRememberedKey[remembered] ?? draftOfKey[sameness] {
                draftOfCase[place] = draft
                draftOfKey[sameness] = draft
                draftOfRememberedKey[remembered] = draft
                continue
            }
            drafts.append(
                MakeAccounts.Draft(
                    key: remembered, name: one.plan.accountName, phone: one.plan.accountPhone, lead: one.lead, rule: one.plan.key.rule,
                    job: one.question.job))
            draftOfKey[sameness] = drafts.count - 1
            draftOfRememberedKey[remembered] = drafts.count - 1
            draftOfCase[place] = drafts.count - 1
        }
        guard !drafts.isEmpty else { return }
        let made = try await tx.query(MakeAccounts(tenant: self.tenant, drafts: drafts))
        let accountOfDraft = Dictionary(made.map { ($0.place, $0.account) }, uniquingKeysWith: { first, _ in first })
        for (place, draft) in draftOfCase {
            cases[place].account = accountOfDraft[draft]
            cases[place].how = "new"
        }
    }
}
