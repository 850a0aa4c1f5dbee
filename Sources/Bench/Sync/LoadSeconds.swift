import Postgres
import Sync

/// From the moment a full load was ordered to the moment its last lead was written down, in seconds by the database's clock.
///
/// Not to the moment at which the run is closed: that is looked for more and more seldom, so it comes up to a twentieth later.
struct LoadSeconds: PostgresStatement {
    static let sql = """
        SELECT extract(epoch FROM max(history.ended_at) - runs.started_at)::double precision
        FROM sync.runs
        JOIN jobs.history ON history.tenant_id = runs.tenant_id AND history.kind IN ('fetch-lead-page', 'upsert-contact', 'resolve-account')
        WHERE runs.tenant_id = $1 AND runs.id = $2
        GROUP BY runs.started_at
        """

    let tenant: TenantID
    let run: Int64

    var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8(self.run)] }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Double { try row.decode(0) }
}
