package import Postgres
package import Sync

/// What a lead is made of, for contacts that should get one and have none yet.
///
/// - Index: `contacts_pkey`, `lead_links_contact_idx`, `accounts_pkey`, `creation_attempts_pkey`.
/// - Shape: no row for a contact that has a lead by now, or whose lead was deleted in Marketo. One that is deleted has a row only if a call that could have
///   made its lead was never answered: the lead has to be found, or it would come back as a contact (D9).
package struct FindCreations: PostgresStatement {
    /// A contact with what Marketo gets to know of it.
    package struct Row: Sendable {
        package let contact: ContactID
        package let name: String
        package let email: String?
        package let phone: String?
        package let mobilePhone: String?
        package let title: String?
        package let department: String?
        package let company: String?
        /// Where the order of events stood as this was read, or as it was sent for the first time: what is edited later is sent as an edit.
        package let baseline: Int64
        /// The contact is deleted: no lead is made of it any more.
        package let isGone: Bool
    }
    package static let sql = """
        WITH baseline AS MATERIALIZED (SELECT nextval('sync.event_seq') AS seq)
        SELECT contacts.id, contacts.name, contacts.email, contacts.phone, contacts.mobile_phone, contacts.title, contacts.department, accounts.name,
            coalesce(creation_attempts.baseline_seq, baseline.seq), false
        FROM baseline
        CROSS JOIN unnest($2::bigint[]) AS asked (contact_id)
        JOIN crm.contacts ON contacts.tenant_id = $1 AND contacts.id = asked.contact_id AND contacts.deleted_at IS NULL
        LEFT JOIN crm.accounts ON accounts.tenant_id = $1 AND accounts.id = contacts.account_id
        LEFT JOIN sync.creation_attempts ON creation_attempts.tenant_id = $1 AND creation_attempts.contact_id = contacts.id
        WHERE NOT EXISTS (
            SELECT FROM sync.lead_links
            WHERE lead_links.tenant_id = $1 AND lead_links.contact_id = contacts.id AND lead_links.state IN ('active', 'lead_deleted')
        )
        UNION ALL
        SELECT creation_attempts.contact_id, '', creation_attempts.address, NULL, NULL, NULL, NULL, NULL, creation_attempts.baseline_seq, true
        FROM sync.creation_attempts
        WHERE creation_attempts.tenant_id = $1 AND creation_attempts.contact_id = ANY ($2::bigint[]) AND NOT EXISTS (
            SELECT FROM crm.contacts WHERE contacts.tenant_id = $1 AND contacts.id = creation_attempts.contact_id AND contacts.deleted_at IS NULL
        )
        ORDER BY 10, 1
        """
    let tenant: TenantID
    let contacts: [ContactID]
    /// Of `contacts`.
    package init(tenant: TenantID, contacts: [ContactID]) {
        self.tenant = tenant
        self.contacts = contacts
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8s(self.contacts.map(\.rawValue))] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            contact: ContactID(rawValue: try row.decode(0)), name: try row.decode(1), email: try row.decode(2), phone: try row.decode(3),
            mobilePhone: try row.decode(4), title: try row.decode(5), department: try row.decode(6), company: try row.decode(7),
            baseline: try row.decode(8), isGone: try row.decode(9))
    }
}
