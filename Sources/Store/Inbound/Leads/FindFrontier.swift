package import Postgres
package import Sync

/// Where the known leads of a tenant end.
package struct FindFrontier: PostgresStatement {
    /// The end of what is known.
    package struct Row: Sendable {
        /// The highest lead id that was ever read; 0 if none was.
        package let newest: Int64
        /// A full load is under way and has blocks to read.
        package let isLoading: Bool
    }
    package static let sql = """
        SELECT coalesce((SELECT max(lead_mirror.lead_id) FROM sync.lead_mirror WHERE lead_mirror.tenant_id = $1), 0),
            EXISTS (
                SELECT FROM sync.runs
                WHERE runs.tenant_id = $1 AND runs.kind = 'full' AND runs.state = 'running' AND runs.probed_at IS NULL
            )
        """
    let tenant: TenantID
    /// Of `tenant`.
    package init(tenant: TenantID) { self.tenant = tenant }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Row { Row(newest: try row.decode(0), isLoading: try row.decode(1)) }
}
