package import Postgres
package import Sync

/// The runs of a tenant that are under way, at most one of a kind.
package struct RunningRuns: PostgresStatement {
    /// A run that is under way.
    package struct Row: Sendable {
        /// Its number.
        package let run: Int64
        /// Full load or sweep; `nil` for a kind that a newer program has brought.
        package let kind: RunKind?
    }
    package static let sql = "SELECT id, kind FROM sync.runs WHERE tenant_id = $1 AND state = 'running' ORDER BY id"
    let tenant: TenantID
    /// Of `tenant`.
    package init(tenant: TenantID) { self.tenant = tenant }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(run: try row.decode(0), kind: RunKind(rawValue: try row.decode(1)))
    }
}
