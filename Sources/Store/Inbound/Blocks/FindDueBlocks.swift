package import Postgres
package import Sync

/// The blocks that are next in the rolling sweep, the longest unread first: as many an hour as it takes to read each once in so many days.
///
/// A tenant with fewer blocks than hours in that time reads one in an hour, and none before it has to: six hours before the time is over for the last of
/// them. After a stop up to ten times as many are caught up with in an hour.
///
/// - Index: `lead_blocks_pkey`; a tenant has one block for 300 ids.
package struct FindDueBlocks: PostgresStatement {
    package typealias Row = LeadBlock
    package static let sql = """
        WITH census AS (
            SELECT count(*) AS blocks, ceil(count(*) / (24.0 * $2))::bigint AS hourly,
                count(*) FILTER (WHERE scanned_at IS NULL OR scanned_at < clock_timestamp() - $2 * interval '1 day') AS overdue
            FROM sync.lead_blocks
            WHERE tenant_id = $1
        )
        SELECT block_no
        FROM sync.lead_blocks, census
        WHERE tenant_id = $1 AND wanted_at IS NULL
            AND (
                scanned_at IS NULL
                OR scanned_at < clock_timestamp() - greatest(24 * $2 - ceil(census.blocks::numeric / census.hourly) - 6, 0) * interval '1 hour'
            )
        ORDER BY scanned_at NULLS FIRST, block_no DESC
        LIMIT (SELECT greatest(hourly, least(overdue, 10 * hourly)) FROM census)
        """
    let tenant: TenantID
    let days: Int
    /// - Parameter days: within how many days each block is to be read once.
    package init(tenant: TenantID, days: Int) {
        self.tenant = tenant
        self.days = days
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int(self.days)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> LeadBlock { LeadBlock(number: try row.decode(0)) }
}
