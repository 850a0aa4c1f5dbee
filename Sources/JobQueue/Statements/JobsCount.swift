package import Postgres

/// How many jobs of a tenant are in each state, as people are told it.
///
/// Carried by `job_ready`, `job_scheduled_tenant`, `job_running`, `dead_tenant_kind`.
package struct JobsCount: PostgresStatement {
    package static let sql = """
        SELECT
            count(*) FILTER (WHERE state = 'ready' AND attempt = 0 AND crashes = 0),
            count(*) FILTER (WHERE state = 'scheduled' AND attempt = 0 AND crashes = 0),
            count(*) FILTER (WHERE state = 'running'),
            count(*) FILTER (WHERE state <> 'running' AND (attempt > 0 OR crashes > 0)),
            (SELECT count(*) FROM jobs.dead WHERE tenant_id = $1)
        FROM (
            SELECT state, attempt, crashes FROM jobs.job WHERE tenant_id = $1 AND state = 'ready'
            UNION ALL
            SELECT state, attempt, crashes FROM jobs.job WHERE tenant_id = $1 AND state = 'scheduled'
            UNION ALL
            SELECT state, attempt, crashes FROM jobs.job WHERE tenant_id = $1 AND worker_id IS NOT NULL AND state = 'running'
            UNION ALL
            SELECT state, attempt, crashes FROM jobs.job WHERE tenant_id = $1 AND state = 'suspect'
        ) j
        """

    /// Whose jobs.
    package let tenant: Int64

    /// Asks for those of `tenant`.
    package init(tenant: Int64) { self.tenant = tenant }

    /// The values.
    package var binds: [PostgresBind] { [.int8(self.tenant)] }

    /// Reads the counts.
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> JobCounts {
        JobCounts(
            ready: try row.decode(0), scheduled: try row.decode(1), running: try row.decode(2), retrying: try row.decode(3), dead: try row.decode(4))
    }
}
