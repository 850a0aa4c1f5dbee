package import Postgres
package import Sync

/// Blocks that a run wants read and that nobody is going to read: their job was called off, or it died.
///
/// - Shape: at most 1,000, and none while jobs for blocks still wait; so that it costs little however many blocks a run has.
package struct FindLostBlocks: PostgresStatement {
    /// A block without a job.
    package struct Row: Sendable {
        /// The block.
        package let block: LeadBlock
        /// Its job, if that one died since the block was queued.
        package let dead: Int64?
    }
    package static let sql = """
        SELECT wanted.block_no,
            (
                SELECT max(dead.id) FROM jobs.dead
                WHERE dead.tenant_id = $1 AND dead.kind = 'fetch-lead-page' AND dead.unique_key = 'block:' || wanted.block_no
                    AND dead.ended_at >= wanted.queued_at
            )
        FROM sync.lead_blocks AS wanted
        WHERE wanted.tenant_id = $1 AND wanted.run_id = $2 AND wanted.wanted_at IS NOT NULL AND wanted.queued_at IS NOT NULL
            AND NOT EXISTS (
                SELECT FROM jobs.job
                WHERE job.tenant_id = $1 AND job.kind = 'fetch-lead-page' AND job.state <> 'running' AND job.unique_key IS NOT NULL
            )
            AND NOT EXISTS (
                SELECT FROM jobs.job
                WHERE job.tenant_id = $1 AND job.kind = 'fetch-lead-page' AND job.state = 'running' AND job.unique_key = 'block:' || wanted.block_no
            )
        ORDER BY wanted.block_no DESC
        LIMIT 1000
        """
    let tenant: TenantID
    let run: Int64
    /// Of the run `run`.
    package init(tenant: TenantID, run: Int64) {
        self.tenant = tenant
        self.run = run
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8(self.run)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(block: LeadBlock(number: try row.decode(0)), dead: try row.decode(1))
    }
}
