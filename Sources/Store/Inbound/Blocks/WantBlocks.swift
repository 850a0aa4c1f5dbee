package import Postgres
package import Sync

/// Wants each block from the first to the last to be read for a run.
package struct WantBlocks: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = """
        INSERT INTO sync.lead_blocks (tenant_id, block_no, run_id, wanted_at)
        SELECT $1, block_no, $2, clock_timestamp() FROM generate_series($3::bigint, $4::bigint) AS block_no
        ON CONFLICT (tenant_id, block_no) DO UPDATE
            SET run_id = excluded.run_id, wanted_at = excluded.wanted_at, queued_at = NULL, scanned_at = NULL, found = 0
        """
    let tenant: TenantID
    let run: Int64
    let blocks: ClosedRange<Int64>
    /// The blocks with the numbers `blocks`.
    package init(tenant: TenantID, run: Int64, blocks: ClosedRange<Int64>) {
        self.tenant = tenant
        self.run = run
        self.blocks = blocks
    }
    package var binds: [PostgresBind] {
        [.int8(self.tenant.rawValue), .int8(self.run), .int8(self.blocks.lowerBound), .int8(self.blocks.upperBound)]
    }
}
