package import Postgres
package import Sync

/// Marks leads as deleted in Marketo: their links say so, a note tells of it, and the contacts stay as they are (R13, R14).
///
/// A lead that was merged into another stays "merged", whichever news came first. Take the tenant's turn first (`HoldTurn`): a batch that is being
/// applied would make the links active again.
package struct MarkLeadsDeleted: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = """
        WITH gone AS (
            INSERT INTO sync.lost_leads AS lost (tenant_id, lead_id, state)
            SELECT $1, lead_id, 'deleted' FROM unnest($2::bigint[]) AS lead_id
            ORDER BY lead_id
            ON CONFLICT (tenant_id, lead_id) DO UPDATE SET state = 'deleted' WHERE lost.state = 'missing'
            RETURNING lead_id
        ), linked AS MATERIALIZED (
            SELECT lead_links.lead_id, lead_links.contact_id, lead_links.state
            FROM sync.lead_links JOIN gone USING (lead_id)
            WHERE lead_links.tenant_id = $1 AND lead_links.state IN ('active', 'contact_deleted')
            ORDER BY lead_links.lead_id, lead_links.contact_id
            FOR UPDATE OF lead_links
        ), unlinked AS (
            UPDATE sync.lead_links SET state = 'lead_deleted'
            FROM linked
            WHERE lead_links.tenant_id = $1 AND lead_links.lead_id = linked.lead_id AND lead_links.contact_id = linked.contact_id
            RETURNING linked.lead_id, linked.contact_id, linked.state
        ), released AS (
            DELETE FROM sync.quarantine USING gone
            WHERE quarantine.tenant_id = $1 AND quarantine.lead_id = gone.lead_id
        ), noted AS (
            INSERT INTO sync.notes (tenant_id, kind, lead_id, contact_id, text)
            SELECT $1, 'lead_deleted', lead_id, contact_id,
                format('Lead %s was deleted in Marketo; contact %s stays as it is.', lead_id, contact_id)
            FROM unlinked WHERE state = 'active'
            ON CONFLICT (tenant_id, kind, coalesce(lead_id, 0), coalesce(contact_id, 0)) DO NOTHING
        )
        INSERT INTO sync.audit (tenant_id, lead_id, contact_id, what, old, new, rule, run_id, job_id)
        SELECT $1, lead_id, contact_id, 'lead_deleted', jsonb_build_object('link', state), jsonb_build_object('link', 'lead_deleted'),
            'deleted_in_marketo', (SELECT (job.payload ->> 'run')::bigint FROM jobs.job WHERE job.id = $3), $3
        FROM unlinked
        """
    let tenant: TenantID
    let leads: [LeadID]
    let job: Int64
    /// `leads` are gone, as the job `job` read.
    package init(tenant: TenantID, leads: [LeadID], job: Int64) {
        self.tenant = tenant
        self.leads = leads
        self.job = job
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8s(self.leads.map(\.rawValue)), .int8(self.job)] }
}
