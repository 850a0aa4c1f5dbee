import Postgres
import Sync

/// Holds all jobs of a tenant until `TenantResume`: the gate `tenant` of the queue.
///
/// - Index: `tenants_name_key`, `gate_pkey`.
struct TenantPause: PostgresStatement {
    let name: String

    static let sql = "SELECT ops.pause(name) FROM sync.tenants WHERE name = $1"
    var binds: [PostgresBind] { [.text(self.name)] }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> String { try row.decode(0) }
}

/// Lets the jobs of a tenant go on.
///
/// - Index: `tenants_name_key`, `gate_pkey`.
struct TenantResume: PostgresStatement {
    let name: String

    static let sql = "SELECT ops.resume(name) FROM sync.tenants WHERE name = $1"
    var binds: [PostgresBind] { [.text(self.name)] }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> String { try row.decode(0) }
}

/// First step of a removal: nothing of the tenant is taken up any more.
///
/// - Index: `tenants_name_key`.
struct TenantRemovalBegin: PostgresStatement {
    let name: String

    static let sql = "SELECT ops.begin_removal(name) FROM sync.tenants WHERE name = $1"
    var binds: [PostgresBind] { [.text(self.name)] }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> TenantID { TenantID(rawValue: try row.decode(0)) }
}

/// Further steps of a removal, until one answers 0: how many rows went.
///
/// - Index: the keys of all tables of `sync`, which begin with the tenant.
struct TenantRemovalBite: PostgresStatement {
    let id: TenantID

    static let sql = "SELECT ops.remove_bite($1)"
    var binds: [PostgresBind] { [.int8(self.id.rawValue)] }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Int { try row.decode(0) }
}

/// Last step of a removal: the tenant itself.
///
/// - Shape: false if somebody else was quicker.
/// - Index: `tenants_pkey`.
struct TenantRemovalEnd: PostgresStatement {
    let id: TenantID

    static let sql = "SELECT ops.finish_removal($1)"
    var binds: [PostgresBind] { [.int8(self.id.rawValue)] }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Bool { try row.decode(0) }
}

/// Whether a removal of the tenant was begun; as long as there is the tenant, it was not finished.
///
/// - Index: `former_subscriptions_pkey`.
struct TenantIsBeingRemoved: PostgresStatement {
    let id: TenantID

    static let sql = "SELECT EXISTS (SELECT FROM sync.former_subscriptions WHERE former_tenant = $1)"
    var binds: [PostgresBind] { [.int8(self.id.rawValue)] }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Bool { try row.decode(0) }
}
