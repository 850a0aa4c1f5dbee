package import Postgres
package import Sync

/// Turns parts of the story of what happened in Mazrica into what Marketo should show: the one function in which every event ends.
///
/// Looks at the whole story of each contact concerned, so that the order in which the parts come does not matter, and a part that comes twice changes nothing.
/// Source: sync-algorithms.md 4.1.
package struct Projection: Sendable {
    let tenant: TenantID
    let settings: TenantSettings

    /// For `tenant`, by its settings.
    package init(tenant: TenantID, settings: TenantSettings) {
        self.tenant = tenant
        self.settings = settings
    }

    /// Does so in `tx`, which from here to its end holds the tenant's turn for pushes; the contacts that should get a lead.
    package func project(_ ranges: [EventRange], in tx: PostgresTransaction) async throws(PostgresError) -> [ContactID] {
        try await tx.execute(HoldTurn(tenant: self.tenant, to: .pushes))
        try await tx.execute(CompleteStory(tenant: self.tenant, ranges: ranges, withAccount: self.settings.phaseContacts == .deal))
        let concerned = try await tx.query(FindConcerned(tenant: self.tenant, ranges: ranges))
        guard !concerned.isEmpty else { return [] }
        _ = try await self.write(
            phasesOf: concerned.filter(\.phase).map(\.contact), statusOf: concerned.filter(\.status).map(\.contact), in: tx)
        try await tx.execute(WriteEdits(tenant: self.tenant, ranges: ranges))
        _ = try await tx.query(WantPushes(tenant: self.tenant, contacts: concerned.map(\.contact)))
        return try await tx.query(FindLeadless(tenant: self.tenant, contacts: concerned.filter(\.mayNeedLead).map(\.contact)))
    }

    /// Works out anew what phase and status Marketo should show of contacts; those for whom it came out differently.
    package func write(
        phasesOf phases: [ContactID], statusOf status: [ContactID], in tx: PostgresTransaction
    ) async throws(PostgresError) -> [ContactID] {
        let deletedDeal = self.settings.deletedDeal
        let desired =
            (phases.isEmpty ? [] : try await tx.query(FindPhaseStories(tenant: self.tenant, contacts: phases))).compactMap { row -> DesiredValue? in
                DesiredPhase(row.story, deletedDeal: deletedDeal).map {
                    DesiredValue(contact: row.contact, field: .phase, value: $0.phase, seq: $0.seq, deal: $0.deal, action: nil)
                }
            } + (status.isEmpty ? [] : try await tx.query(FindLastActivities(tenant: self.tenant, contacts: status)))
        return desired.isEmpty ? [] : try await tx.query(WriteDesired(tenant: self.tenant, values: desired))
    }
}
