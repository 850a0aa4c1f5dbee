import Postgres
import Sync

/// The number that a tenant's name has in every schema; a name keeps it for ever, also through a removal.
///
/// - Index: `tenant_name_once` of `jobs.tenant`. The UPDATE changes nothing; it locks the row, so that two `tenant add` of one name take turns.
struct TenantNumber: PostgresStatement {
    let name: String

    static let sql = """
        INSERT INTO jobs.tenant (name) VALUES ($1)
        ON CONFLICT (name) DO UPDATE SET name = excluded.name
        RETURNING id
        """
    var binds: [PostgresBind] { [.text(self.name)] }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> TenantID { TenantID(rawValue: try row.decode(0)) }
}

/// The row by which calls to this Marketo account are counted.
///
/// - Index: `subscriptions_vendor_account_key`. The UPDATE changes nothing; it makes RETURNING answer for a row that was there.
struct SubscriptionNumber: PostgresStatement {
    let account: String

    static let sql = """
        INSERT INTO sync.subscriptions (vendor, account) VALUES ('marketo', $1)
        ON CONFLICT (vendor, account) DO UPDATE SET account = excluded.account
        RETURNING id
        """
    var binds: [PostgresBind] { [.text(self.account)] }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> SubscriptionID { SubscriptionID(rawValue: try row.decode(0)) }
}

/// Stores a new tenant.
struct TenantInsert: PostgresStatement {
    let id: TenantID
    let new: NewTenant
    let subscription: SubscriptionID
    let secret: SealedSecret

    static let sql = """
        INSERT INTO sync.tenants (id, name, subscription_id, endpoint, client_id, secret, secret_key_id, settings)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """
    var binds: [PostgresBind] {
        [
            .int8(self.id.rawValue), .text(self.new.name), .int8(self.subscription.rawValue), .text(self.new.endpoint.base), .text(self.new.clientID),
            .bytes(self.secret.box), .text(self.secret.keyID), .jsonb(SettingsJSON.text(self.new.settings.overrides)),
        ]
    }
    typealias Row = PostgresNoRow
}

/// Stores other credentials of a tenant; whatever Marketo refused before may be right now.
///
/// - Index: `tenants_pkey`.
struct TenantCredentialsUpdate: PostgresStatement {
    let id: TenantID
    let endpoint: String
    let clientID: String
    let secret: SealedSecret

    static let sql = """
        UPDATE sync.tenants
        SET endpoint = $2, client_id = $3, secret = $4, secret_key_id = $5, auth_refused_at = NULL, auth_probe_at = NULL, updated_at = now()
        WHERE id = $1
        """
    var binds: [PostgresBind] {
        [.int8(self.id.rawValue), .text(self.endpoint), .text(self.clientID), .bytes(self.secret.box), .text(self.secret.keyID)]
    }
    typealias Row = PostgresNoRow
}

/// Stores a tenant's settings, all that were set by hand.
///
/// - Index: `tenants_pkey`.
struct TenantSettingsUpdate: PostgresStatement {
    let id: TenantID
    let settings: [String: String]

    static let sql = "UPDATE sync.tenants SET settings = $2, updated_at = now() WHERE id = $1"
    var binds: [PostgresBind] { [.int8(self.id.rawValue), .jsonb(SettingsJSON.text(self.settings))] }
    typealias Row = PostgresNoRow
}

/// Notes that a tenant's full load is ordered; affects no row if it was before.
///
/// - Index: `tenants_pkey`.
struct TenantStart: PostgresStatement {
    let id: TenantID

    static let sql = "UPDATE sync.tenants SET started_at = now(), updated_at = now() WHERE id = $1 AND started_at IS NULL"
    var binds: [PostgresBind] { [.int8(self.id.rawValue)] }
    typealias Row = PostgresNoRow
}
