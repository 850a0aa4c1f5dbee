package import Postgres
package import Sync

/// Has every known block of a tenant read anew, by a run whose number is returned: `sync.begin_reread`.
///
/// - Index: `runs_running_idx`, `lead_blocks_pkey`, `lead_mirror_pkey`.
package struct BeginReread: PostgresStatement {
    package typealias Row = Int64
    package static let sql = "SELECT sync.begin_reread($1, $2)"
    let tenant: TenantID
    let joinsFullLoad: Bool
    /// - Parameter joinsFullLoad: a full load that is under way does it, also for the blocks that it has read already.
    package init(tenant: TenantID, joinsFullLoad: Bool) {
        self.tenant = tenant
        self.joinsFullLoad = joinsFullLoad
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .bool(self.joinsFullLoad)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Int64 { try row.decode(0) }
}
