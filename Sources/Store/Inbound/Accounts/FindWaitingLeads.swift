package import Postgres
package import Sync

/// For each account key the lead that names the account, should one be made: the lowest id of those that wait.
package struct FindWaitingLeads: PostgresStatement {
    /// A key that is waited for.
    package struct Row: Sendable {
        /// The account key, in its bounded form.
        package let key: String
        /// The lead.
        package let lead: LeadID
    }
    package static let sql = """
        SELECT asked.key, first.lead_id
        FROM unnest($2::text[]) AS asked (key)
        CROSS JOIN LATERAL (
            SELECT account_waits.lead_id FROM sync.account_waits
            WHERE account_waits.tenant_id = $1 AND account_waits.key = asked.key
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
