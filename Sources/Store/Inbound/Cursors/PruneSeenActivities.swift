package import Postgres

/// Forgets activities that were told of longer than `keep` ago, a bite at a time; call again while it returns a full bite.
///
/// - Index: `seen_activities_seen_at_idx`, for they come in the order of time.
package struct PruneSeenActivities: PostgresStatement {
    package typealias Row = Int64
    /// How many at a time.
    package static let bite = 5_000
    package static let sql = """
        WITH gone AS (
            DELETE FROM sync.seen_activities
            WHERE ctid = ANY (ARRAY(
                SELECT ctid FROM sync.seen_activities WHERE seen_at < clock_timestamp() - $1::interval LIMIT 5000 FOR UPDATE SKIP LOCKED
            ))
            RETURNING guid
        )
        SELECT count(*) FROM gone
        """
    let keep: Duration
    /// - Parameter keep: how long they are remembered.
    package init(keep: Duration) { self.keep = keep }
    package var binds: [PostgresBind] { [.interval(self.keep)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Int64 { try row.decode(0) }
}
