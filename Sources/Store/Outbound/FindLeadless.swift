package import Postgres
package import Sync

/// Of some contacts those that should get a lead: they have an e-mail address and none yet (R58, R59).
///
/// A contact from before the tenant was set up gets one on request only (D8). One whose lead was deleted in Marketo keeps that link and gets no other:
/// somebody wanted that lead gone. Deleted contacts get none.
///
/// - Index: `contacts_pkey`, `lead_links_contact_idx`, `contact_events_contact_idx`.
package struct FindLeadless: PostgresStatement {
    package typealias Row = ContactID
    package static let sql = """
        SELECT contacts.id
        FROM unnest($2::bigint[]) AS asked (contact_id)
        JOIN sync.tenants ON tenants.id = $1
        JOIN crm.contacts ON contacts.tenant_id = $1 AND contacts.id = asked.contact_id
        WHERE contacts.deleted_at IS NULL AND contacts.email_key IS NOT NULL
            AND NOT EXISTS (
                SELECT FROM sync.lead_links
                WHERE lead_links.tenant_id = $1 AND lead_links.contact_id = contacts.id AND lead_links.state IN ('active', 'lead_deleted')
            )
            AND EXISTS (
                SELECT FROM sync.contact_events AS told
                WHERE told.tenant_id = $1 AND told.contact_id = contacts.id AND told.contact_id <> 0 AND told.kind = 'contact_created'
                    AND (told.at >= tenants.started_at OR tenants.settings ->> 'push-existing' = 'on')
            )
        ORDER BY contacts.id
        """
    let tenant: TenantID
    let contacts: [ContactID]
    /// Of `contacts`.
    package init(tenant: TenantID, contacts: [ContactID]) {
        self.tenant = tenant
        self.contacts = contacts
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8s(self.contacts.map(\.rawValue))] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> ContactID { ContactID(rawValue: try row.decode(0)) }
}
