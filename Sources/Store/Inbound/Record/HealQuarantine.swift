package import Postgres
package import Sync

/// Takes leads off the quarantine list because they were registered after all, or would be if a user had not deleted their contact.
package struct HealQuarantine: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = """
        WITH healed AS (
            DELETE FROM sync.quarantine
            USING unnest($2::bigint[], $3::bigint[]) AS registered (lead_id, job_id)
            WHERE quarantine.tenant_id = $1 AND quarantine.lead_id = registered.lead_id
            RETURNING quarantine.lead_id, quarantine.reason, quarantine.value, registered.job_id
        )
        INSERT INTO sync.audit (tenant_id, lead_id, what, old, rule, run_id, job_id)
        SELECT $1, lead_id, 'lead_healed', jsonb_build_object('reason', reason, 'value', value), 'mended_in_marketo',
            (SELECT (job.payload ->> 'run')::bigint FROM jobs.job WHERE job.id = healed.job_id), job_id
        FROM healed
        """
    let tenant: TenantID
    let leads: [LeadToApply]
    /// `leads` have nothing against them any more, each by its job.
    package init(tenant: TenantID, leads: [LeadToApply]) {
        self.tenant = tenant
        self.leads = leads
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8s(self.leads.map(\.lead.rawValue)), .int8s(self.leads.map(\.job))] }
}
