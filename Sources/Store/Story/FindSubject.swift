package import Postgres
package import Sync

/// Whose story is asked for: a person's leads and contacts, found by a lead, a contact or an e-mail address.
///
/// - Shape: one row; two empty lists when nothing of the kind is or was there.
/// - Index: `lead_mirror_pkey`, `lost_leads_pkey`, `quarantine_pkey`, `contacts_pkey`, `contacts_email_key_idx`, `contact_events_contact_idx`,
///   `audit_lead_idx`, `audit_contact_idx`, `lead_links_pkey`, `lead_links_contact_idx`; by address also all of the quarantine, which is short.
package struct FindSubject: PostgresStatement {
    /// A person on both sides.
    package struct Row: Sendable {
        package let leads: [LeadID]
        package let contacts: [ContactID]

        package init(leads: [LeadID], contacts: [ContactID]) {
            self.leads = leads
            self.contacts = contacts
        }
    }
    package static let sql = """
        WITH known AS MATERIALIZED (
            SELECT lead_mirror.lead_id, NULL::bigint AS contact_id FROM sync.lead_mirror WHERE lead_mirror.tenant_id = $1 AND lead_mirror.lead_id = $2
            UNION ALL SELECT lost_leads.lead_id, NULL FROM sync.lost_leads WHERE lost_leads.tenant_id = $1 AND lost_leads.lead_id = $2
            UNION ALL SELECT quarantine.lead_id, NULL FROM sync.quarantine
                WHERE quarantine.tenant_id = $1 AND (quarantine.lead_id = $2 OR quarantine.value = $4)
            UNION ALL (SELECT audit.lead_id, NULL FROM sync.audit WHERE audit.tenant_id = $1 AND audit.lead_id = $2 LIMIT 1)
            UNION ALL SELECT NULL, contacts.id FROM crm.contacts WHERE contacts.tenant_id = $1 AND contacts.id = $3
            UNION ALL (
                SELECT NULL, contact_events.contact_id FROM sync.contact_events
                WHERE contact_events.tenant_id = $1 AND contact_events.contact_id = $3 AND contact_events.contact_id <> 0 LIMIT 1
            )
            UNION ALL (SELECT NULL, audit.contact_id FROM sync.audit WHERE audit.tenant_id = $1 AND audit.contact_id = $3 LIMIT 1)
            UNION ALL SELECT NULL, contacts.id FROM crm.contacts
                WHERE contacts.tenant_id = $1 AND contacts.email_key = crm.index_key(crm.email_key($4)) AND contacts.deleted_at IS NULL
        ), person AS (
            SELECT known.lead_id, known.contact_id FROM known
            UNION SELECT lead_links.lead_id, lead_links.contact_id FROM known
                JOIN sync.lead_links ON lead_links.tenant_id = $1 AND lead_links.contact_id = known.contact_id
            UNION SELECT lead_links.lead_id, lead_links.contact_id FROM known
                JOIN sync.lead_links ON lead_links.tenant_id = $1 AND lead_links.lead_id = known.lead_id
            UNION SELECT lead_links.lead_id, lead_links.contact_id FROM sync.lead_links WHERE lead_links.tenant_id = $1 AND lead_links.lead_id = $2
        )
        SELECT coalesce(array_agg(DISTINCT lead_id) FILTER (WHERE lead_id IS NOT NULL), '{}'),
            coalesce(array_agg(DISTINCT contact_id) FILTER (WHERE contact_id IS NOT NULL), '{}')
        FROM person
        """
    let tenant: TenantID
    let lead: Int64?
    let contact: Int64?
    let email: String?
    /// By one of the three.
    package init(tenant: TenantID, lead: Int64? = nil, contact: Int64? = nil, email: String? = nil) {
        self.tenant = tenant
        self.lead = lead
        self.contact = contact
        self.email = email
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8(self.lead), .int8(self.contact), .text(self.email)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        let leads: [Int64] = try row.decode(0)
        let contacts: [Int64] = try row.decode(1)
        return Row(leads: leads.map { LeadID(rawValue: $0) }, contacts: contacts.map { ContactID(rawValue: $0) })
    }
}
