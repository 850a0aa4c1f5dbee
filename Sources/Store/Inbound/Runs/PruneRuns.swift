package import Postgres

/// Forgets sweeps and re-reads that ended longer ago than `keep`; full loads stay, there are few.
package struct PruneRuns: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = """
        DELETE FROM sync.runs
        WHERE state <> 'running' AND kind <> 'full' AND finished_at < clock_timestamp() - $1::interval
            AND id < (SELECT max(later.id) FROM sync.runs AS later WHERE later.tenant_id = runs.tenant_id AND later.kind = runs.kind)
        """
    let keep: Duration
    /// - Parameter keep: how long a sweep stays.
    package init(keep: Duration) { self.keep = keep }
    package var binds: [PostgresBind] { [.interval(self.keep)] }
}
