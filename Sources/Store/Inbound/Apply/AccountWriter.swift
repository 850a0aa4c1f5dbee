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

    private func write(_ batch: [Question], in tx: PostgresTransaction) async throws(PostgresError) {
        let waiting = try await tx.query(FindWaitingLeads(tenant: self.tenant, keys: batch.map(\.key)))
        let leadOfKey = Dictionary(waiting.map { ($0.key, $0.lead) }, uniquingKeysWith: { first, _ in first })
        let leads = try await tx.query(ReadMirror(tenant: self.tenant, leads: Array(Set(leadOfKey.values)), includingGone: true))
        let leadOfID = Dictionary(leads.map { ($0.lead.id, $0.lead) }, uniquingKeysWith: { first, _ in first })
        var asked: [Question] = []
        var cases: [AccountCase] = []
        for question in batch {
            guard let id = leadOfKey[question.key], let lead = leadOfID[id] else { continue }
            asked.append(question)
            cases.append(AccountCase(lead: id, plan: AccountPlan(lead: lead, settings: self.settings), job: question.job))
        }
        try await self.settle(&cases, in: tx)
        let answers = zip(asked, cases).compactMap { question, one in
            one.home.map { LinkWaitingContacts.Answer(key: question.key, account: $0.account, rule: $0.rule, job: question.job) }
        }
        if !answers.isEmpty { try await tx.execute(LinkWaitingContacts(tenant: self.tenant, answers: answers)) }
    }
}
