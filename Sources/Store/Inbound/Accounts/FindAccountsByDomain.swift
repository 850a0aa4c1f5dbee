package import Postgres
package import Sync

/// For each e-mail domain the account of the oldest living contact that has that domain and an account (R45, R46).
package struct FindAccountsByDomain: PostgresStatement {
    package typealias Row = FoundAccount
    package static let sql = """
        SELECT asked.place - 1, oldest.account_id
        FROM unnest($2::text[]) WITH ORDINALITY AS asked (domain, place)
        CROSS JOIN LATERAL (
            SELECT contacts.account_id FROM crm.contacts
            JOIN crm.accounts ON accounts.tenant_id = $1 AND accounts.id = contacts.account_id AND accounts.deleted_at IS NULL
            WHERE contacts.tenant_id = $1 AND contacts.email_domain = crm.index_key(asked.domain)
                AND contacts.account_id IS NOT NULL AND contacts.deleted_at IS NULL
            ORDER BY contacts.created_at, contacts.id LIMIT 1
        ) AS oldest
        """
    let tenant: TenantID
    let domains: [String]
    /// For the normalised `domains`.
    package init(tenant: TenantID, domains: [String]) {
        self.tenant = tenant
        self.domains = domains
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .texts(self.domains)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> FoundAccount {
        let place: Int64 = try row.decode(0)
        return FoundAccount(place: Int(place), account: AccountID(rawValue: try row.decode(1)))
    }
}
