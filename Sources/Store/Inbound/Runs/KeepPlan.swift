package import Postgres
package import Sync

/// Writes down how far a full load's search for the highest lead is, so that it goes on from there whatever happens.
package struct KeepPlan: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = "UPDATE sync.runs SET plan = $3 WHERE tenant_id = $1 AND id = $2 AND state = 'running'"
    let tenant: TenantID
    let run: Int64
    let plan: String
    /// - Parameter plan: in its owner's words.
    package init(tenant: TenantID, run: Int64, plan: String) {
        self.tenant = tenant
        self.run = run
        self.plan = plan
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8(self.run), .text(self.plan)] }
}
