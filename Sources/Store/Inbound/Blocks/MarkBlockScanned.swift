package import FoundationEssentials
package import Postgres
package import Sync

/// Marks a block as read.
///
/// A wish that another run made after the read was sent stays open. The run's own wish is older than its read, whatever the two stamps say: one is the
/// clock as the wish was written, the other the clock as the transaction began that took the job.
package struct MarkBlockScanned: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = """
        INSERT INTO sync.lead_blocks AS kept (tenant_id, block_no, scanned_at, found) VALUES ($1, $2, $3, $4)
        ON CONFLICT (tenant_id, block_no) DO UPDATE
            SET scanned_at = excluded.scanned_at, found = excluded.found,
                wanted_at = CASE WHEN kept.wanted_at > excluded.scanned_at AND kept.run_id IS DISTINCT FROM $5 THEN kept.wanted_at END
        """
    let tenant: TenantID
    let block: LeadBlock
    let observedAt: Date
    let found: Int
    let run: Int64?
    /// `found` leads were in `block` at `observedAt`, the database's time before the read was sent; it was read for `run`.
    package init(tenant: TenantID, block: LeadBlock, observedAt: Date, found: Int, run: Int64?) {
        self.tenant = tenant
        self.block = block
        self.observedAt = observedAt
        self.found = found
        self.run = run
    }
    package var binds: [PostgresBind] {
        [.int8(self.tenant.rawValue), .int8(self.block.number), .timestamp(self.observedAt), .int(self.found), .int8(self.run)]
    }
}
