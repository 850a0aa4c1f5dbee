package import Postgres
package import Sync

/// Notes how far the ids were looked at in a run; see `FindFrontier`.
package struct MoveFrontier: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = """
        INSERT INTO sync.frontiers AS kept (tenant_id, run_id, before_to, looked_to) VALUES ($1, $2, $3, $3)
        ON CONFLICT (tenant_id) DO UPDATE
            SET before_to = CASE WHEN kept.run_id = excluded.run_id THEN kept.before_to ELSE kept.looked_to END,
                looked_to = greatest(kept.looked_to, excluded.looked_to), run_id = excluded.run_id
        """
    let tenant: TenantID
    let run: Int64
    let lead: Int64
    /// Each id up to `lead` was looked at, or is one of the blocks that the run `run` wants.
    package init(tenant: TenantID, run: Int64, to lead: Int64) {
        self.tenant = tenant
        self.run = run
        self.lead = lead
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8(self.run), .int8(self.lead)] }
}
