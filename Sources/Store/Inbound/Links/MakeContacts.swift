import FoundationEssentials
package import Postgres
package import Sync

/// Makes contacts, each with its entry in the record: what was written, with which account from the beginning, and by which rule it was found.
package struct MakeContacts: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = """
        WITH wanted AS MATERIALIZED (
            SELECT *
            FROM unnest(
                $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
                $11::bigint[], $12::integer[], $13::timestamptz[], $14::bigint[], $15::text[]
            ) AS wanted (
                id, from_lead, job_id, name, email, phone, mobile_phone, department, title, lead_id, lead_score, acquisition_date, account_id,
                account_rule
            )
        ), made AS (
            -- Not now(): that is when this transaction began, before it had its turn to write; "the oldest" would then change (R42, R45).
            INSERT INTO crm.contacts (
                tenant_id, id, account_id, name, email, phone, mobile_phone, department, title, lead_id, lead_score, acquisition_date,
                created_at, updated_at
            )
            SELECT $1, id, account_id, name, email, phone, mobile_phone, department, title, lead_id, lead_score, acquisition_date,
                statement_timestamp(), statement_timestamp()
            FROM wanted ORDER BY id
        ), working AS MATERIALIZED (
            SELECT id, (payload ->> 'run')::bigint AS run_id FROM jobs.job WHERE id IN (SELECT DISTINCT job_id FROM wanted)
        )
        -- Of all that were wanted, not of those that were made: they are the same, and to join hundreds to hundreds without statistics is dear.
        INSERT INTO sync.audit (tenant_id, lead_id, contact_id, account_id, what, new, rule, run_id, job_id)
        SELECT $1, wanted.from_lead, wanted.id, wanted.account_id, 'contact_created',
            jsonb_strip_nulls(jsonb_build_object(
                'name', wanted.name, 'email', wanted.email, 'phone', wanted.phone, 'mobile_phone', wanted.mobile_phone,
                'department', wanted.department, 'title', wanted.title, 'lead_id', wanted.lead_id, 'lead_score', wanted.lead_score,
                'acquisition_date', wanted.acquisition_date, 'account_id', wanted.account_id, 'account_rule', wanted.account_rule
            )),
            'new', (SELECT working.run_id FROM working WHERE working.id = wanted.job_id), wanted.job_id
        FROM wanted
        ORDER BY wanted.id
        """
    let tenant: TenantID
    let contacts: [NewContact]
    /// `contacts` of `tenant`.
    package init(tenant: TenantID, contacts: [NewContact]) {
        self.tenant = tenant
        self.contacts = contacts
    }
    package var binds: [PostgresBind] {
        let new = self.contacts
        return [
            .int8(self.tenant.rawValue), .int8s(new.map(\.id.rawValue)), .int8s(new.map(\.lead.rawValue)), .int8s(new.map(\.job)),
            .texts(new.map(\.name)), .texts(new.map(\.email)), .texts(new.map(\.phone)), .texts(new.map(\.mobilePhone)),
            .texts(new.map(\.department)), .texts(new.map(\.title)), .int8s(new.map(\.shownLead.rawValue)),
            .int4s(new.map { $0.leadScore.map(Int32.init(clamping:)) }), .timestamps(new.map(\.acquisitionDate)),
            .int8s(new.map { $0.home?.account.rawValue }), .texts(new.map { $0.home?.rule }),
        ]
    }
}
