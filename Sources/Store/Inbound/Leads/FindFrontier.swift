package import Postgres
package import Sync

/// Where the known leads of a tenant end, and how far each id was looked at.
package struct FindFrontier: PostgresStatement {
    /// The end of what is known.
    package struct Row: Sendable {
        /// The highest lead that was ever read or looked for; 0 if there was none.
        package let newest: Int64
        /// Each id up to this one needs no further look: it was read after it was given.
        ///
        /// `nil` if no full load has begun to read.
        package let settled: Int64?
        /// A full load is under way and does not know its blocks yet.
        package let isPlanning: Bool
    }
    package static let sql = """
        SELECT greatest(
                (SELECT max(lead_mirror.lead_id) FROM sync.lead_mirror WHERE lead_mirror.tenant_id = $1),
                (SELECT frontiers.looked_to FROM sync.frontiers WHERE frontiers.tenant_id = $1),
                0
            ),
            (
                -- The first look of a run goes once more over what the run before was the first to look at: a lead that was being
                -- written at that moment shows by now.
                SELECT CASE WHEN frontiers.run_id = $2 THEN frontiers.looked_to ELSE frontiers.before_to END
                FROM sync.frontiers WHERE frontiers.tenant_id = $1
            ),
            EXISTS (
                SELECT FROM sync.runs
                WHERE runs.tenant_id = $1 AND runs.kind = 'full' AND runs.state = 'running' AND runs.planned_at IS NULL
            )
        """
    let tenant: TenantID
    let run: Int64
    /// Of `tenant`, for a look of the run `run`.
    package init(tenant: TenantID, run: Int64) {
        self.tenant = tenant
        self.run = run
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8(self.run)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(newest: try row.decode(0), settled: try row.decode(1), isPlanning: try row.decode(2))
    }
}
