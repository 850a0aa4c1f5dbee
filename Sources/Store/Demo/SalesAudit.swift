package import Postgres
package import Sync

/// What Marketo should hold after the demo's second act: for each lead of the people concerned the phase and the status.
///
/// Told by what was done, not by what the sync has noted: who took part in which deal's action is in the story of the triggers.
///
/// - Index: `contact_events_deal_idx`, `lead_links_contact_idx`.
package struct SalesAudit: PostgresStatement {
    /// A lead and what it should show.
    package struct Row: Sendable {
        package let lead: LeadID
        package let phase: String?
        package let status: String?
    }
    package static let sql = """
        SELECT lead_links.lead_id,
            CASE WHEN EXISTS (SELECT FROM crm.deals WHERE deals.tenant_id = $1 AND deals.id = told.deal_id) THEN '提案' END, '面談'
        FROM sync.contact_events AS told
        JOIN sync.lead_links ON lead_links.tenant_id = $1 AND lead_links.contact_id = told.contact_id AND lead_links.state = 'active'
        WHERE told.tenant_id = $1 AND told.kind = 'action_contact_added' AND told.contact_id <> 0
        UNION ALL
        SELECT contacts.lead_id, NULL, NULL FROM crm.contacts
        WHERE contacts.tenant_id = $1 AND contacts.email LIKE 'new.%@mazrica-demo.example' AND contacts.lead_id IS NOT NULL
        ORDER BY 1
        """
    let tenant: TenantID
    /// Of `tenant`.
    package init(tenant: TenantID) { self.tenant = tenant }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(lead: LeadID(rawValue: try row.decode(0)), phase: try row.decode(1), status: try row.decode(2))
    }
}
