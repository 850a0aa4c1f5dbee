package import Postgres
package import Sync

/// What became of the job that brings a run on: it waits or runs, it died, or it is nowhere (done, or called off).
package struct FateOfJob: PostgresStatement {
    /// What became of it.
    package struct Row: Sendable {
        /// It waits or runs.
        package let isAlive: Bool
        /// The number of the one that died last.
        package let dead: Int64?
    }
    package static let sql = """
        SELECT EXISTS (
                SELECT FROM jobs.job WHERE tenant_id = $1 AND kind = $2 AND unique_key = $3 AND state <> 'running' AND unique_key IS NOT NULL
            ) OR EXISTS (
                SELECT FROM jobs.job WHERE tenant_id = $1 AND kind = $2 AND unique_key = $3 AND state = 'running'
            ),
            (SELECT max(dead.id) FROM jobs.dead WHERE dead.tenant_id = $1 AND dead.kind = $2 AND dead.unique_key = $3)
        """
    let tenant: TenantID
    let kind: String
    let key: String
    /// The job of the kind `kind` with the key `key`.
    package init(tenant: TenantID, kind: String, key: String) {
        self.tenant = tenant
        self.kind = kind
        self.key = key
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .text(self.kind), .text(self.key)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Row { Row(isAlive: try row.decode(0), dead: try row.decode(1)) }
}
