package import Postgres
package import Sync

/// Forgets which read of some leads was last applied, so that the next one is applied whatever it brings: also if nothing has changed in Marketo since, but
/// here something has.
///
/// Take the tenant's turn first (`HoldTurn`).
///
/// - Index: `lead_links_pkey`, `quarantine_pkey`.
package struct ForgetApplied: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = """
        WITH links AS MATERIALIZED (
            SELECT lead_links.lead_id, lead_links.contact_id FROM sync.lead_links
            WHERE lead_links.tenant_id = $1 AND lead_links.lead_id = ANY ($2::bigint[]) AND lead_links.state = 'active'
            ORDER BY lead_links.lead_id, lead_links.contact_id
            FOR NO KEY UPDATE
        ), forgotten AS (
            UPDATE sync.lead_links SET snapshot = 0
            FROM links
            WHERE lead_links.tenant_id = $1 AND lead_links.lead_id = links.lead_id AND lead_links.contact_id = links.contact_id
        )
        UPDATE sync.quarantine SET snapshot = 0 WHERE quarantine.tenant_id = $1 AND quarantine.lead_id = ANY ($2::bigint[])
        """
    let tenant: TenantID
    let leads: [LeadID]
    /// Of `leads`.
    package init(tenant: TenantID, leads: [LeadID]) {
        self.tenant = tenant
        self.leads = leads
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8s(self.leads.map(\.rawValue))] }
}
