package import FoundationEssentials
package import Postgres
package import Sync

extension ContactWriter {
    /// A tenant's turn to write, as a transaction has it that has just stored leads.
    package struct Turn: Sendable {
        /// Those of the leads whose contacts have to be looked at.
        package let stale: [FindStaleLeads.Row]
        /// `nil`: the tenant was removed.
        let terms: FindTerms.Row?
    }

    /// Takes the tenant's turn to apply leads that `tx` has stored, and tells which of them have news.
    ///
    /// - Parameter observedAt: when they were read; those that were thought lost are there again.
    package func takeTurn(for leads: [LeadID], observedAt: Date, in tx: PostgresTransaction) async throws(PostgresError) -> Turn {
        try tx.post(HoldTurn(tenant: self.tenant))
        try tx.post(WelcomeLeadsBack(tenant: self.tenant, leads: leads, observedAt: observedAt))
        let found = try await tx.query(FindStaleLeads(tenant: self.tenant, leads: leads), and: FindTerms(tenant: self.tenant))
        return Turn(stale: found.first, terms: found.second.first)
    }

    /// Applies leads in the transaction that has just stored them, if that can be done now.
    ///
    /// `tx` holds the tenant's turn. Accounts that are not there are made, unless another transaction is at it (`TakeAccountsTurn`).
    /// `nil`: nothing was written, for it is paused or the database refuses one of the records; each lead is then a job's
    /// own matter (`upsert-contact`), where one record's trouble is one job's trouble (promise 5).
    package func applyAtOnce(_ batch: [LeadToApply], in turn: Turn, _ tx: PostgresTransaction) async throws -> Outcome? {
        guard let terms = turn.terms else { return Outcome(changed: [], accountKeys: [:]) }
        guard !terms.isPaused else { return nil }
        var writer = self.on(terms)
        writer.makesAccounts = true
        let willing = writer
        do {
            return try await tx.savepoint { try await willing.count(batch, in: $0) }
        } catch let error as PostgresError where error.blamesTheRecord {
            return nil
        }
    }
}
