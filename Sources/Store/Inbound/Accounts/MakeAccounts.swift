package import Postgres
package import Sync

/// Makes one account for each key and remembers which, with an entry in the record.
///
/// - Shape: a row for each, in the order asked.
package struct MakeAccounts: PostgresStatement {
    package typealias Row = FoundAccount
    /// An account to make.
    package struct Draft: Sendable {
        /// The account key, in its bounded form.
        package let key: String
        /// Its name.
        package let name: String
        /// Its phone (R49).
        package let phone: String?
        /// The lead that named it.
        package let lead: LeadID
        /// By which rule it is named.
        package let rule: String
        /// The job that does it.
        package let job: Int64
        /// An account for `key`.
        package init(key: String, name: String, phone: String?, lead: LeadID, rule: String, job: Int64) {
            self.key = key
            self.name = name
            self.phone = phone
            self.lead = lead
            self.rule = rule
            self.job = job
        }
    }
    package static let sql = """
        WITH wanted AS MATERIALIZED (
            SELECT wanted.*, nextval(counter.name) AS id
            FROM (SELECT pg_get_serial_sequence('crm.accounts', 'id')::regclass AS name OFFSET 0) AS counter, unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::bigint[])
                WITH ORDINALITY AS wanted (key, name, phone, lead_id, rule, job_id, place)
        ), made AS (
            -- Not now(): that is when this transaction began, before it had its turn to write; "the oldest" would then change (R45, R47).
            INSERT INTO crm.accounts (tenant_id, id, name, phone, created_at, updated_at)
            SELECT $1, id, name, phone, statement_timestamp(), statement_timestamp() FROM wanted ORDER BY place
        ), remembered AS (
            INSERT INTO sync.account_keys (tenant_id, key, account_id) SELECT $1, key, id FROM wanted ORDER BY key
            ON CONFLICT (tenant_id, key) DO UPDATE SET account_id = excluded.account_id, made_at = now()
        ), recorded AS (
            INSERT INTO sync.audit (tenant_id, lead_id, account_id, what, new, rule, run_id, job_id)
            SELECT $1, wanted.lead_id, wanted.id, 'account_created', jsonb_strip_nulls(jsonb_build_object('name', name, 'phone', phone)), wanted.rule,
                (SELECT (job.payload ->> 'run')::bigint FROM jobs.job WHERE job.id = wanted.job_id), wanted.job_id
            FROM wanted
            ORDER BY wanted.id
        )
        SELECT place - 1, id FROM wanted ORDER BY place
        """
    let tenant: TenantID
    let drafts: [Draft]
    /// `drafts`, at most one a key.
    package init(tenant: TenantID, drafts: [Draft]) {
        self.tenant = tenant
        self.drafts = drafts
    }
    package var binds: [PostgresBind] {
        [
            .int8(self.tenant.rawValue), .texts(self.drafts.map(\.key)), .texts(self.drafts.map(\.name)), .texts(self.drafts.map(\.phone)),
            .int8s(self.drafts.map(\.lead.rawValue)), .texts(self.drafts.map(\.rule)), .int8s(self.drafts.map(\.job)),
        ]
    }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> FoundAccount {
        let place: Int64 = try row.decode(0)
        return FoundAccount(place: Int(place), account: AccountID(rawValue: try row.decode(1)))
    }
}
