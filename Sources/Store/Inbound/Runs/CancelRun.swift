package import Postgres
package import Sync

/// Gives a run up that can't be brought to its end, so that the next one may begin.
package struct CancelRun: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = """
        UPDATE sync.runs SET state = 'cancelled', finished_at = clock_timestamp()
        WHERE tenant_id = $1 AND id = $2 AND state = 'running'
        """
    let tenant: TenantID
    let run: Int64
    /// The run `run` of `tenant`.
    package init(tenant: TenantID, run: Int64) {
        self.tenant = tenant
        self.run = run
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8(self.run)] }
}
