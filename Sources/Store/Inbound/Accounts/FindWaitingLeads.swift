package import Postgres
package import Sync

/// For each account key the lead that names the account, should one be made: the lowest id of those that wait.
///
/// A contact that is gone, or that somebody has given an account, waits no more: no account is made for nobody.
package struct FindWaitingLeads: PostgresStatement {
    /// A key that is waited for.
    package struct Row: Sendable {
        /// The account key, in its bounded form.
        package let key: String
        /// The lead.
        package let lead: LeadID
    }
    package static let sql = """
        WITH idle AS (
            DELETE FROM sync.account_waits
            WHERE account_waits.tenant_id = $1 AND account_waits.key = ANY ($2::text[])
                AND (  -- a count can't be hashed: each contact by its key, whatever the planner thinks of tables that were empty a minute ago
                    SELECT count(*) FROM crm.contacts
                    WHERE contacts.tenant_id = $1 AND contacts.id = account_waits.contact_id AND contacts.account_id IS NULL
                        AND contacts.deleted_at IS NULL
                ) = 0
            RETURNING account_waits.contact_id
        )
        SELECT asked.key, first.lead_id
        FROM unnest($2::text[]) AS asked (key)
        CROSS JOIN LATERAL (
            SELECT account_waits.lead_id FROM sync.account_waits
            WHERE account_waits.tenant_id = $1 AND account_waits.key = asked.key
                AND account_waits.contact_id <> ALL (ARRAY(SELECT contact_id FROM idle))
            ORDER BY account_waits.lead_id LIMIT 1
        ) AS first
        """
    let tenant: TenantID
    let keys: [String]
    /// For `keys`.
    package init(tenant: TenantID, keys: [String]) {
        self.tenant = tenant
        self.keys = keys
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .texts(self.keys)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(key: try row.decode(0), lead: LeadID(rawValue: try row.decode(1)))
    }
}
