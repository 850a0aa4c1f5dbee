import FoundationEssentials
package import Postgres
package import Sync

/// Writes the three fields that Marketo owns, with an entry in the record; a contact in which nothing changes is not touched.
///
/// - Shape: a row for each contact that did change.
package struct UpdateContacts: PostgresStatement {
    package typealias Row = ContactID
    package static let sql = """
        WITH wanted AS (
            SELECT * FROM unnest($2::bigint[], $3::bigint[], $4::integer[], $5::timestamptz[], $6::text[], $7::bigint[])
                AS wanted (id, lead_id, lead_score, acquisition_date, rule, job_id)
        ), before AS MATERIALIZED (
            SELECT contacts.id, contacts.lead_id, contacts.lead_score, contacts.acquisition_date
            FROM crm.contacts JOIN wanted USING (id)
            WHERE contacts.tenant_id = $1
                AND (contacts.lead_id, contacts.lead_score, contacts.acquisition_date)
                    IS DISTINCT FROM (wanted.lead_id, wanted.lead_score, wanted.acquisition_date)
            ORDER BY contacts.id
            FOR NO KEY UPDATE OF contacts
        ), changed AS (
            UPDATE crm.contacts
            SET lead_id = wanted.lead_id, lead_score = wanted.lead_score, acquisition_date = wanted.acquisition_date
            FROM wanted JOIN before USING (id)
            WHERE contacts.tenant_id = $1 AND contacts.id = wanted.id
            RETURNING contacts.id
        )
        INSERT INTO sync.audit (tenant_id, lead_id, contact_id, what, old, new, rule, run_id, job_id)
        SELECT $1, wanted.lead_id, wanted.id, 'contact_updated',
            jsonb_build_object('lead_id', before.lead_id, 'lead_score', before.lead_score, 'acquisition_date', before.acquisition_date),
            jsonb_build_object('lead_id', wanted.lead_id, 'lead_score', wanted.lead_score, 'acquisition_date', wanted.acquisition_date),
            wanted.rule, (SELECT (job.payload ->> 'run')::bigint FROM jobs.job WHERE job.id = wanted.job_id), wanted.job_id
        FROM changed JOIN wanted USING (id) JOIN before USING (id)
        ORDER BY wanted.id
        RETURNING contact_id
        """
    let tenant: TenantID
    let updates: [ContactUpdate]
    /// `updates`, at most one a contact.
    package init(tenant: TenantID, updates: [ContactUpdate]) {
        self.tenant = tenant
        self.updates = updates
    }
    package var binds: [PostgresBind] {
        [
            .int8(self.tenant.rawValue), .int8s(self.updates.map(\.contact.rawValue)), .int8s(self.updates.map { $0.fields.leadID?.rawValue }),
            .int4s(self.updates.map { $0.fields.score.map(Int32.init(clamping:)) }), .timestamps(self.updates.map(\.fields.acquisitionDate)),
            .texts(self.updates.map(\.rule.rawValue)), .int8s(self.updates.map(\.job)),
        ]
    }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> ContactID { ContactID(rawValue: try row.decode(0)) }
}
