package import Postgres
package import Sync

/// The tenant with this name, if there is one.
///
/// - Index: `tenants_name_key`.
package struct TenantByName: PostgresStatement {
    let name: String

    /// By its exact name.
    package init(name: String) { self.name = name }

    package static let sql = """
        SELECT \(Tenant.columns)
        FROM sync.tenants JOIN sync.subscriptions ON subscriptions.id = tenants.subscription_id
        WHERE tenants.name = $1
        """
    package var binds: [PostgresBind] { [.text(self.name)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Tenant { try Tenant(row: row) }
}

/// The tenant with this number, if there is one.
///
/// - Index: `tenants_pkey`.
package struct TenantByID: PostgresStatement {
    let id: TenantID

    /// By its number.
    package init(id: TenantID) { self.id = id }

    package static let sql = """
        SELECT \(Tenant.columns)
        FROM sync.tenants JOIN sync.subscriptions ON subscriptions.id = tenants.subscription_id
        WHERE tenants.id = $1
        """
    package var binds: [PostgresBind] { [.int8(self.id.rawValue)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Tenant { try Tenant(row: row) }
}

/// Every tenant, by name.
///
/// - Index: `tenants_name_key`; there are few.
package struct TenantList: PostgresStatement {
    /// All of them.
    package init() {}

    package static let sql = """
        SELECT \(Tenant.columns)
        FROM sync.tenants JOIN sync.subscriptions ON subscriptions.id = tenants.subscription_id
        ORDER BY tenants.name
        """
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Tenant { try Tenant(row: row) }
}

/// The same as `TenantByID`, and nobody else changes it until the transaction ends.
///
/// - Index: `tenants_pkey`.
struct TenantLock: PostgresStatement {
    let id: TenantID

    static let sql = """
        SELECT \(Tenant.columns)
        FROM sync.tenants JOIN sync.subscriptions ON subscriptions.id = tenants.subscription_id
        WHERE tenants.id = $1
        FOR UPDATE OF tenants
        """
    var binds: [PostgresBind] { [.int8(self.id.rawValue)] }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Tenant { try Tenant(row: row) }
}
