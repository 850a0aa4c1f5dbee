package import Postgres
package import Sync

/// Has phase and status of leads sent again, whatever Marketo has confirmed or was not ready for (D11); what it refuses stays refused.
///
/// Take the tenant's turn for pushes first, and want the pushes of the contacts afterwards (`WantPushes`).
///
/// - Index: `pushes_pkey`, `lead_links_pkey`.
/// - Shape: the living contacts of the leads.
package struct PushAgain: PostgresStatement {
    package typealias Row = ContactID
    package static let sql = """
        WITH forgotten AS (
            UPDATE sync.pushes SET state = 'waiting', reason = NULL, acked_seq = NULL
            WHERE pushes.tenant_id = $1 AND pushes.lead_id = ANY ($2::bigint[]) AND pushes.field IN ('phase', 'status')
                AND (pushes.state = 'acked' OR pushes.state = 'parked' AND pushes.reason IN ('field_missing', 'field_read_only'))
        )
        SELECT DISTINCT lead_links.contact_id
        FROM sync.lead_links
        JOIN crm.contacts ON contacts.tenant_id = $1 AND contacts.id = lead_links.contact_id AND contacts.deleted_at IS NULL
        WHERE lead_links.tenant_id = $1 AND lead_links.lead_id = ANY ($2::bigint[]) AND lead_links.state = 'active'
        ORDER BY lead_links.contact_id
        """
    let tenant: TenantID
    let leads: [LeadID]
    /// Of `leads`.
    package init(tenant: TenantID, leads: [LeadID]) {
        self.tenant = tenant
        self.leads = leads
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8s(self.leads.map(\.rawValue))] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> ContactID { ContactID(rawValue: try row.decode(0)) }
}
