package import Postgres
package import Sync

/// Of leads whose contacts have a story: which contacts those are, and how the sending of phase and status stands.
///
/// - Index: `lead_links_pkey`, `contact_events_contact_idx`, `pushes_pkey`, `contacts_pkey`.
/// - Shape: a row a lead and linked living contact.
package struct FindPushStates: PostgresStatement {
    /// A lead with one of its contacts.
    package struct Row: Sendable {
        package let lead: LeadID
        package let contact: ContactID
        /// The state and the reason of the push of each field; absent if there is none.
        package let states: [DesiredValue.Field: (state: String, reason: String?)]
    }
    package static let sql = """
        SELECT lead_links.lead_id, lead_links.contact_id, phase.state, phase.reason, status.state, status.reason
        FROM sync.lead_links
        JOIN crm.contacts ON contacts.tenant_id = $1 AND contacts.id = lead_links.contact_id AND contacts.deleted_at IS NULL
        LEFT JOIN sync.pushes AS phase ON phase.tenant_id = $1 AND phase.lead_id = lead_links.lead_id AND phase.field = 'phase'
        LEFT JOIN sync.pushes AS status ON status.tenant_id = $1 AND status.lead_id = lead_links.lead_id AND status.field = 'status'
        WHERE lead_links.tenant_id = $1 AND lead_links.lead_id = ANY ($2::bigint[]) AND lead_links.state = 'active' AND EXISTS (
            SELECT FROM sync.contact_events AS told
            WHERE told.tenant_id = $1 AND told.contact_id = lead_links.contact_id AND told.contact_id <> 0
        )
        ORDER BY lead_links.lead_id, lead_links.contact_id
        """
    let tenant: TenantID
    let leads: [LeadID]
    /// Of `leads`.
    package init(tenant: TenantID, leads: [LeadID]) {
        self.tenant = tenant
        self.leads = leads
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8s(self.leads.map(\.rawValue))] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        var states: [DesiredValue.Field: (state: String, reason: String?)] = [:]
        for (field, place) in [(DesiredValue.Field.phase, 2), (.status, 4)] {
            let state: String? = try row.decode(place)
            if let state { states[field] = (state, try row.decode(place + 1)) }
        }
        return Row(lead: LeadID(rawValue: try row.decode(0)), contact: ContactID(rawValue: try row.decode(1)), states: states)
    }
}
