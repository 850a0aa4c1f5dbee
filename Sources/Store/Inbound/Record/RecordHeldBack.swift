package import Postgres
package import Sync

/// Records leads that are held back because their contact was deleted by a user (D9): once for each deletion, however often the lead is read.
package struct RecordHeldBack: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = """
        INSERT INTO sync.audit (tenant_id, lead_id, what, rule, run_id, job_id)
        SELECT $1, entry.lead_id, 'lead_held_back', 'contact_deleted', (SELECT (job.payload ->> 'run')::bigint FROM jobs.job WHERE job.id = entry.job_id),
            entry.job_id
        FROM unnest($2::bigint[], $3::bigint[]) AS entry (lead_id, job_id)
        CROSS JOIN LATERAL (
            SELECT max(audit.id) FILTER (WHERE audit.what = 'lead_held_back') AS held_back, max(audit.id) FILTER (WHERE audit.contact_id IS NOT NULL) AS touched
            FROM sync.audit
            WHERE audit.tenant_id = $1 AND audit.lead_id = entry.lead_id
        ) AS before
        WHERE before.held_back IS NULL OR before.held_back < before.touched
        """
    let tenant: TenantID
    let leads: [LeadToApply]
    /// `leads` of `tenant`.
    package init(tenant: TenantID, leads: [LeadToApply]) {
        self.tenant = tenant
        self.leads = leads
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8s(self.leads.map(\.lead.rawValue)), .int8s(self.leads.map(\.job))] }
}
