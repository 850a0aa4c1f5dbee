package import Postgres

/// Forgets entries of the record that are older than `keep`, a bite at a time; call again while it returns a full bite.
package struct PruneRecord: PostgresStatement {
    package typealias Row = Int64
    /// How many at a time.
    package static let bite = 5_000
    package static let sql = """
        WITH old AS MATERIALIZED (
            SELECT id FROM sync.audit WHERE at < clock_timestamp() - $1::interval ORDER BY at LIMIT 5000 FOR UPDATE SKIP LOCKED
        ), gone AS (
            DELETE FROM sync.audit USING old WHERE audit.id = old.id RETURNING audit.id
        )
        SELECT count(*) FROM gone
        """
    let keep: Duration
    /// - Parameter keep: how long an entry stays.
    package init(keep: Duration) { self.keep = keep }
    package var binds: [PostgresBind] { [.interval(self.keep)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Int64 { try row.decode(0) }
}
