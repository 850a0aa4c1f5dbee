package import Postgres
package import Sync

/// The accounts that the sync itself once made for account keys, as far as they are there.
package struct FindAccountsByKey: PostgresStatement {
    package typealias Row = FoundAccount
    package static let sql = """
        SELECT asked.place - 1, made.id
        FROM unnest($2::text[]) WITH ORDINALITY AS asked (key, place)
        CROSS JOIN LATERAL (  -- each by its key, whatever the planner thinks of tables that were empty a minute ago
            SELECT accounts.id FROM sync.account_keys
            JOIN crm.accounts ON accounts.tenant_id = $1 AND accounts.id = account_keys.account_id AND accounts.deleted_at IS NULL
            WHERE account_keys.tenant_id = $1 AND account_keys.key = asked.key
            LIMIT 1
        ) AS made
        """
    let tenant: TenantID
    let keys: [String]
    /// For `keys`.
    package init(tenant: TenantID, keys: [String]) {
        self.tenant = tenant
        self.keys = keys
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .texts(self.keys)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> FoundAccount {
        let place: Int64 = try row.decode(0)
        return FoundAccount(place: Int(place), account: AccountID(rawValue: try row.decode(1)))
    }
}
