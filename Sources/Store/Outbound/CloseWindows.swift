package import Postgres

/// Has what is gathered for a tenant sent at once: somebody waits for it (CONTRACT 3).
///
/// What is tried again after a fault keeps its time, and so does what is sent once more for certainty's sake.
///
/// - Index: `tenants_name_key`, `job_scheduled_tenant`.
package struct CloseWindows: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = """
        UPDATE jobs.job SET state = 'ready', run_at = now()
        FROM (
            SELECT gathered.id
            FROM sync.tenants
            JOIN jobs.job AS gathered ON gathered.tenant_id = tenants.id AND gathered.state = 'scheduled'
            WHERE tenants.name = $1 AND gathered.kind IN ('push-phase', 'push-lead-status', 'push-contact', 'create-lead')
                AND gathered.unique_key LIKE 'contact:%' AND gathered.attempt = 0 AND gathered.note IS NULL
            ORDER BY gathered.id
            FOR UPDATE OF gathered SKIP LOCKED
        ) AS due
        WHERE job.id = due.id
        """
    let tenant: String
    /// Of the tenant with this name.
    package init(tenant: String) { self.tenant = tenant }
    package var binds: [PostgresBind] { [.text(self.tenant)] }
}
