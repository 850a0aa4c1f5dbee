package import Postgres
package import Sync

/// Adds to the number of leads whose contacts changed, in the runs in which they were read.
package struct CountChanges: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = """
        UPDATE sync.runs SET leads_changed = leads_changed + changed.leads
        FROM (
            SELECT (job.payload ->> 'run')::bigint AS run_id, count(*) AS leads
            FROM unnest($2::bigint[]) AS done (job_id)
            CROSS JOIN LATERAL (SELECT job.payload FROM jobs.job WHERE job.id = done.job_id LIMIT 1) AS job
            GROUP BY 1
        ) AS changed
        WHERE runs.tenant_id = $1 AND runs.id = changed.run_id
        """
    let tenant: TenantID
    let jobs: [Int64]
    /// One lead for each of `jobs`, which are still running.
    package init(tenant: TenantID, jobs: [Int64]) {
        self.tenant = tenant
        self.jobs = jobs
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8s(self.jobs)] }
}
