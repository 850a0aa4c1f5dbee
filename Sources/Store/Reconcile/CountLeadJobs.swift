package import Postgres
package import Sync

/// How many jobs are at work on some leads: those that run, and if wanted those that are due within a minute.
///
/// - Index: `job_running_once`, `job_waiting_once`.
package struct CountLeadJobs: PostgresStatement {
    package typealias Row = Int
    package static let sql = """
        SELECT (
                SELECT count(*) FROM jobs.job
                WHERE job.tenant_id = $1 AND job.kind IN ('refresh-lead', 'upsert-contact', 'fetch-lead-page') AND job.unique_key = ANY ($2::text[])
                    AND job.state = 'running'
            ) + (
                SELECT count(*) FROM jobs.job
                WHERE $3::boolean AND job.tenant_id = $1 AND job.kind IN ('refresh-lead', 'upsert-contact') AND job.unique_key = ANY ($2::text[])
                    AND job.state <> 'running' AND job.run_at < now() + interval '60 seconds'
            ) + (
                SELECT count(*)
                FROM (SELECT DISTINCT contact_id FROM sync.lead_links WHERE tenant_id = $1 AND lead_id = ANY ($4::bigint[]) AND state = 'active') AS linked
                JOIN jobs.job ON job.tenant_id = $1 AND job.kind IN ('push-phase', 'push-lead-status', 'push-contact')
                    AND job.unique_key = 'contact:' || linked.contact_id
                WHERE job.state = 'running' OR $3::boolean AND job.run_at < now() + interval '60 seconds'
            )
        """
    let tenant: TenantID
    let keys: [String]
    let leads: [LeadID]
    let includesDue: Bool
    /// On `leads` or their blocks.
    package init(tenant: TenantID, leads: [LeadID], includingDue includesDue: Bool) {
        self.tenant = tenant
        self.leads = leads
        self.keys = leads.map { "lead:\($0)" } + Set(leads.map { LeadBlock(holding: $0).number }).sorted().map { "block:\($0)" }
        self.includesDue = includesDue
    }
    package var binds: [PostgresBind] {
        [.int8(self.tenant.rawValue), .texts(self.keys), .bool(self.includesDue), .int8s(self.leads.map(\.rawValue))]
    }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Int { try row.decode(0) }
}
