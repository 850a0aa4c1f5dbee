package import Postgres
package import Sync

/// Notes that a run has reached a step: planned, queued or probed.
package struct AdvanceRun: PostgresStatement {
    /// The steps of a run, in their order.
    package enum Step: String, Sendable {
        case planned, queued, probed
    }
    package typealias Row = PostgresNoRow
    package static let sql = """
        UPDATE sync.runs
        SET planned_at = CASE WHEN $3 = 'planned' THEN clock_timestamp() ELSE planned_at END,
            queued_at = CASE WHEN $3 = 'queued' THEN clock_timestamp() ELSE queued_at END,
            probed_at = CASE WHEN $3 = 'probed' THEN clock_timestamp() ELSE probed_at END,
            plan = CASE WHEN $3 <> 'planned' THEN plan END
        WHERE tenant_id = $1 AND id = $2 AND state = 'running'
        """
    let tenant: TenantID
    let run: Int64
    let step: Step
    /// The run `run` has reached `step`.
    package init(tenant: TenantID, run: Int64, step: Step) {
        self.tenant = tenant
        self.run = run
        self.step = step
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8(self.run), .text(self.step.rawValue)] }
}
