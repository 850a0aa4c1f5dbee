package import Postgres
package import Sync

/// Takes the next bite of a run's blocks that have no job yet, the newest first, and marks them as queued.
package struct TakeBlocks: PostgresStatement {
    package typealias Row = Int64
    package static let sql = """
        WITH bite AS (
            SELECT block_no FROM sync.lead_blocks
            WHERE tenant_id = $1 AND run_id = $2 AND wanted_at IS NOT NULL AND queued_at IS NULL
            ORDER BY block_no DESC LIMIT $3
            FOR UPDATE
        ), taken AS (
            UPDATE sync.lead_blocks SET queued_at = clock_timestamp()
            FROM bite
            WHERE lead_blocks.tenant_id = $1 AND lead_blocks.block_no = bite.block_no
            RETURNING lead_blocks.block_no
        )
        SELECT block_no FROM taken ORDER BY block_no DESC
        """
    let tenant: TenantID
    let run: Int64
    let limit: Int
    /// At most `limit` blocks.
    package init(tenant: TenantID, run: Int64, limit: Int) {
        self.tenant = tenant
        self.run = run
        self.limit = limit
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8(self.run), .int(self.limit)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Int64 { try row.decode(0) }
}
