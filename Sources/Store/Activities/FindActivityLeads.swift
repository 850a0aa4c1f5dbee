package import Postgres
package import Sync

/// The leads of contacts, or of the action contacts of a deal (R17, R18).
///
/// - Shape: a row for each contact that is there and each lead it is linked with, `nil` for a contact without one; by contact, then lead.
///   No row for contacts that are not there.
/// - Index: `contacts_pkey`, `actions_deal_id_idx`, `action_contacts_pkey`, `lead_links_contact_idx`.
package struct FindActivityLeads: PostgresStatement {
    /// A contact and one of its leads.
    package struct Row: Sendable, Equatable {
        package let contact: ContactID
        package let lead: LeadID?
    }
    package static let sql = """
        WITH asked AS (
            SELECT asked.contact_id FROM unnest($2::bigint[]) AS asked (contact_id)
            UNION
            SELECT action_contacts.contact_id
            FROM crm.actions JOIN crm.action_contacts ON action_contacts.action_id = actions.id
            WHERE actions.tenant_id = $1 AND actions.deal_id = $3
        )
        SELECT contacts.id, lead_links.lead_id
        FROM asked
        JOIN crm.contacts ON contacts.tenant_id = $1 AND contacts.id = asked.contact_id AND contacts.deleted_at IS NULL
        LEFT JOIN sync.lead_links ON lead_links.tenant_id = $1 AND lead_links.contact_id = contacts.id AND lead_links.state = 'active'
        ORDER BY contacts.id, lead_links.lead_id
        """
    let tenant: TenantID
    let contacts: [Int64]
    let deal: Int64?
    /// Of these contacts, or of this deal's.
    package init(tenant: TenantID, contacts: [Int64] = [], deal: Int64? = nil) {
        self.tenant = tenant
        self.contacts = contacts
        self.deal = deal
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8s(self.contacts), .int8(self.deal)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        let lead: Int64? = try row.decode(1)
        return Row(contact: ContactID(rawValue: try row.decode(0)), lead: lead.map { LeadID(rawValue: $0) })
    }
}
