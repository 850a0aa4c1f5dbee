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

    /// Works out anew what phase and status Marketo should show of contacts, and notes it; those for whom it came out differently.
    package func write(
        phasesOf phases: [ContactID], statusOf status: [ContactID], in tx: PostgresTransaction
    ) async throws(PostgresError) -> [ContactID] {
        let desired = self.phases(phases.isEmpty ? [] : try await tx.query(FindPhaseStories(tenant: self.tenant, contacts: phases)))
        let activities = status.isEmpty ? [] : try await tx.query(FindLastActivities(tenant: self.tenant, contacts: status))
        guard !desired.isEmpty || !activities.isEmpty else { return [] }
        return try await tx.query(WriteDesired(tenant: self.tenant, values: desired + activities))
    }

    /// Works out anew what phase and status these leads should show, and has it sent, whatever was sent before.
    package func pushAgain(_ leads: [LeadID], in tx: PostgresTransaction) async throws(PostgresError) {
        try await tx.execute(HoldTurn(tenant: self.tenant, to: .pushes))
        let contacts = try await tx.query(PushAgain(tenant: self.tenant, leads: leads))
        _ = try await self.write(phasesOf: contacts, statusOf: contacts, in: tx)
        _ = try await tx.query(WantPushes(tenant: self.tenant, contacts: contacts))
    }

    private func phases(_ stories: [FindPhaseStories.Row]) -> [DesiredValue] {
        stories.compactMap { row in
            DesiredPhase(row.story, deletedDeal: self.settings.deletedDeal).map {
                DesiredValue(contact: row.contact, field: .phase, value: $0.phase, seq: $0.seq, deal: $0.deal, action: nil)
            }
        }
    }

    /// What Marketo should show of leads by the whole story of their contacts, and how the sending of it stands; nothing is written.
    ///
    /// - Parameters:
    ///   - names: what the fields are called.
    ///   - ignoresWork: what waits or is sent just now counts as if nobody were at it.
    package func standings(
        _ states: [FindPushStates.Row], named names: [DesiredValue.Field: String], ignoringWork ignoresWork: Bool, on pool: PostgresPool
    ) async throws(PostgresError) -> [PushStanding] {
        let contacts = Array(Set(states.map(\.contact))).sorted()
        let values =
            self.phases(try await pool.query(FindPhaseStories(tenant: self.tenant, contacts: contacts)))
            + (try await pool.query(FindLastActivities(tenant: self.tenant, contacts: contacts)))
        let desired = Dictionary(grouping: values, by: \.contact)
        let rows = Dictionary(grouping: states, by: \.lead)
        return rows.sorted { $0.key < $1.key }.flatMap { lead, rows in
            names.sorted { $0.value < $1.value }.compactMap { field, name in
                // Of several contacts with this lead the one of the latest event.
                let latest = rows.flatMap { desired[$0.contact] ?? [] }.filter { $0.field == field }.max { $0.seq < $1.seq }
                return latest.map {
                    PushStanding(
                        lead: lead, contact: $0.contact, field: name, expected: $0.value,
                        rest: Self.rest(rows.first?.states[field], ignoringWork: ignoresWork))
                }
            }
        }
    }

    private static func rest(_ state: (state: String, reason: String?)?, ignoringWork ignoresWork: Bool) -> PushStanding.Rest {
        switch (state?.state, state?.reason) {
        case (nil, _): .unnoted
        case ("acked", _): .confirmed
        case ("parked", "field_missing"), ("parked", "field_read_only"): .laidAside
        case ("waiting", _), ("sending", _): ignoresWork ? .confirmed : .underWay
        default: .underWay
        }
    }
}
