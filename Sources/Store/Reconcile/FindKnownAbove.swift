package import Postgres
package import Sync

/// Lead ids above a certain one that are shown here as if Marketo had them, the lowest first: linked, listed, or shown by a contact.
///
/// - Shape: at most 300; ask again behind the last one until none comes.
/// - Index: `lead_links_pkey`, `quarantine_pkey`, `contacts_lead_id_idx`.
package struct FindKnownAbove: PostgresStatement {
    package typealias Row = LeadID
    package static let sql = """
        SELECT lead_id FROM (
            (
                SELECT lead_links.lead_id FROM sync.lead_links
                WHERE lead_links.tenant_id = $1 AND lead_links.lead_id > $2 AND lead_links.state = 'active'
                ORDER BY lead_links.lead_id LIMIT 300
            ) UNION (
                SELECT quarantine.lead_id FROM sync.quarantine
                WHERE quarantine.tenant_id = $1 AND quarantine.lead_id > $2
                ORDER BY quarantine.lead_id LIMIT 300
            ) UNION (
                SELECT contacts.lead_id FROM crm.contacts
                WHERE contacts.tenant_id = $1 AND contacts.lead_id > $2 AND contacts.deleted_at IS NULL
                ORDER BY contacts.lead_id LIMIT 300
            )
        ) AS known
        ORDER BY lead_id LIMIT 300
        """
    let tenant: TenantID
    let lead: LeadID
    /// Above `lead`.
    package init(tenant: TenantID, above lead: LeadID) {
        self.tenant = tenant
        self.lead = lead
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8(self.lead.rawValue)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> LeadID { LeadID(rawValue: try row.decode(0)) }
}
