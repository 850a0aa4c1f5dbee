package import Postgres
package import Sync

/// Gives the contacts that wait for an account their account, and lets them wait no more.
///
/// A contact that has one by now keeps it (D18).
package struct LinkWaitingContacts: PostgresStatement {
    package typealias Row = PostgresNoRow
    /// An account for all that wait for a key.
    package struct Answer: Sendable {
        /// The account key, in its bounded form.
        package let key: String
        /// The account.
        package let account: AccountID
        /// By which rule it was found or made.
        package let rule: String
        /// The job that does it.
        package let job: Int64
        /// `account` for those who wait for `key`.
        package init(key: String, account: AccountID, rule: String, job: Int64) {
            self.key = key
            self.account = account
            self.rule = rule
            self.job = job
        }
    }
    package static let sql = """
        WITH answered AS (
            DELETE FROM sync.account_waits
            USING unnest($2::text[], $3::bigint[], $4::text[], $5::bigint[]) AS answer (key, account_id, rule, job_id)
            WHERE account_waits.tenant_id = $1 AND account_waits.key = answer.key
            RETURNING account_waits.contact_id, account_waits.lead_id, answer.account_id, answer.rule, answer.job_id
        ), homeless AS MATERIALIZED (  -- each by its key: an estimate of how many have no account can't make the planner read them all
            SELECT answered.contact_id, answered.lead_id, answered.account_id, answered.rule, answered.job_id
            FROM (SELECT * FROM answered ORDER BY contact_id) AS answered
            CROSS JOIN LATERAL (
                SELECT FROM crm.contacts
                WHERE contacts.tenant_id = $1 AND contacts.id = answered.contact_id AND contacts.account_id IS NULL
                LIMIT 1 FOR NO KEY UPDATE
            ) AS held
        ), linked AS (
            UPDATE crm.contacts SET account_id = homeless.account_id
            FROM homeless
            WHERE contacts.tenant_id = $1 AND contacts.id = homeless.contact_id
        )
        -- Of the homeless, not of the linked: each is locked, so they are the same, and to join hundreds to hundreds without statistics is dear.
        INSERT INTO sync.audit (tenant_id, lead_id, contact_id, account_id, what, new, rule, run_id, job_id)
        SELECT $1, homeless.lead_id, homeless.contact_id, homeless.account_id, 'account_linked', jsonb_build_object('account_id', homeless.account_id), homeless.rule,
            (SELECT (job.payload ->> 'run')::bigint FROM jobs.job WHERE job.id = homeless.job_id), homeless.job_id
        FROM homeless
        ORDER BY homeless.contact_id
        """
    let tenant: TenantID
    let answers: [Answer]
    /// `answers`, at most one a key.
    package init(tenant: TenantID, answers: [Answer]) {
        self.tenant = tenant
        self.answers = answers
    }
    package var binds: [PostgresBind] {
        [
            .int8(self.tenant.rawValue), .texts(self.answers.map(\.key)), .int8s(self.answers.map(\.account.rawValue)),
            .texts(self.answers.map(\.rule)), .int8s(self.answers.map(\.job)),
        ]
    }
}
