package import Postgres

/// Forgets reads that are older than five minutes.
///
/// - Index: `activity_reads_age_idx`.
package struct PruneActivityReads: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = "DELETE FROM sync.activity_reads WHERE read_at < clock_timestamp() - interval '5 minutes'"
    package init() {}
    package var binds: [PostgresBind] { [] }
}
