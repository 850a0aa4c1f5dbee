package import Postgres
package import Sync

/// One entry in the record of what the sync did.
package struct RecordEntry: Sendable {
    package let what: String
    package let lead: LeadID
    package let contact: ContactID?
    package let rule: String
    package let job: Int64

    /// The job `job` did `what` with `lead`, by the rule `rule`.
    package init(what: String, lead: LeadID, contact: ContactID?, rule: String, job: Int64) {
        self.what = what
        self.lead = lead
        self.contact = contact
        self.rule = rule
        self.job = job
    }
}

/// Writes entries into the record.
package struct WriteRecord: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = """
        INSERT INTO sync.audit (tenant_id, lead_id, contact_id, what, new, rule, run_id, job_id)
        SELECT $1, lead_id, contact_id, what, jsonb_build_object('lead_id', lead_id, 'contact_id', contact_id), rule,
            (SELECT (job.payload ->> 'run')::bigint FROM jobs.job WHERE job.id = entry.job_id), job_id
        FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::bigint[]) AS entry (what, lead_id, contact_id, rule, job_id)
        """
    let tenant: TenantID
    let entries: [RecordEntry]
    /// `entries` of `tenant`.
    package init(tenant: TenantID, entries: [RecordEntry]) {
        self.tenant = tenant
        self.entries = entries
    }
    package var binds: [PostgresBind] {
        [
            .int8(self.tenant.rawValue), .texts(self.entries.map(\.what)), .int8s(self.entries.map(\.lead.rawValue)),
            .int8s(self.entries.map { $0.contact?.rawValue }), .texts(self.entries.map(\.rule)), .int8s(self.entries.map(\.job)),
        ]
    }
}
