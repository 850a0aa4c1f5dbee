package import FoundationEssentials
package import Postgres
package import Sync

/// Takes what is to be sent now: all that waits of the leads of some contacts and, while there is room in the call, of other leads, the oldest first.
///
/// A lead that is in somebody else's call is left out, so that no two calls with one lead are under way. What an operator holds by its kind stays. Should an
/// older value have been sent of which no answer came, it may arrive late; so this one is sent once more when that can't happen any more
/// (`confirm_at`; Sync Leads takes 90 s at most, marketo-rest.md). Take the tenant's turn for pushes first.
///
/// - Index: `lead_links_contact_idx`, `pushes_pkey`, `pushes_waiting_idx`, `job_pkey`, `gate_pkey`, `contacts_pkey`.
package struct TakePushes: PostgresStatement {
    package typealias Row = PushRow
    package static let sql = """
        WITH own AS MATERIALIZED (
            SELECT DISTINCT lead_links.lead_id FROM sync.lead_links
            WHERE lead_links.tenant_id = $1 AND lead_links.contact_id = ANY ($3::bigint[]) AND lead_links.state = 'active'
        ), held AS MATERIALIZED (
            SELECT DISTINCT pushes.lead_id FROM sync.pushes
            JOIN jobs.job ON job.id = pushes.holder_job AND job.state = 'running' AND job.lease_no = pushes.holder_lease
                AND job.lease_until > clock_timestamp()
            WHERE pushes.tenant_id = $1 AND pushes.state IN ('waiting', 'sending') AND pushes.holder_job <> $2
        ), chosen AS MATERIALIZED (
            SELECT candidate.lead_id
            FROM (
                SELECT own.lead_id FROM own
                WHERE EXISTS (
                    SELECT FROM sync.pushes
                    WHERE pushes.tenant_id = $1 AND pushes.lead_id = own.lead_id
                        AND (pushes.state IN ('waiting', 'sending') OR pushes.state = 'acked' AND pushes.confirm_at <= clock_timestamp())
                )
                UNION ALL
                (
                    SELECT pushes.lead_id FROM sync.pushes
                    WHERE pushes.tenant_id = $1 AND pushes.state IN ('waiting', 'sending')
                        AND NOT EXISTS (SELECT FROM own WHERE own.lead_id = pushes.lead_id)
                        AND NOT EXISTS (SELECT FROM held WHERE held.lead_id = pushes.lead_id)
                    GROUP BY pushes.lead_id ORDER BY min(pushes.since), pushes.lead_id
                    LIMIT greatest($4 - (SELECT count(*) FROM own), 0)
                )
            ) AS candidate
            WHERE NOT EXISTS (SELECT FROM held WHERE held.lead_id = candidate.lead_id)
                AND EXISTS (SELECT FROM jobs.job WHERE job.id = $2 AND job.state = 'running' AND job.worker_id = $5)
        )
        UPDATE sync.pushes
        SET state = 'sending', reason = NULL, holder_job = $2, holder_lease = (SELECT job.lease_no FROM jobs.job WHERE job.id = $2),
            confirm_at = CASE
                WHEN pushes.sent_seq > coalesce(pushes.acked_seq, 0) AND pushes.sent_value IS DISTINCT FROM pushes.desired
                    THEN pushes.sent_at + interval '100 seconds'
                WHEN pushes.confirm_at > clock_timestamp() THEN pushes.confirm_at
            END,
            sent_value = pushes.desired, sent_seq = pushes.seq, sent_at = clock_timestamp()
        FROM chosen
        WHERE pushes.tenant_id = $1 AND pushes.lead_id = chosen.lead_id
            AND (pushes.state IN ('waiting', 'sending') OR pushes.state = 'acked' AND pushes.confirm_at <= clock_timestamp())
            AND EXISTS (
                SELECT FROM crm.contacts JOIN sync.lead_links ON lead_links.tenant_id = $1 AND lead_links.contact_id = contacts.id
                WHERE contacts.tenant_id = $1 AND contacts.id = pushes.contact_id AND contacts.deleted_at IS NULL
                    AND lead_links.lead_id = pushes.lead_id AND lead_links.state = 'active'
            )
            AND NOT EXISTS (
                SELECT FROM jobs.gate
                WHERE gate.tenant_id = $1 AND gate.name = 'kind:' || sync.push_kind(pushes.field) AND gate.shut_until > clock_timestamp()
            )
        RETURNING pushes.lead_id, pushes.contact_id, pushes.field, pushes.desired, pushes.batch_limit, pushes.is_alone
        """
    let tenant: TenantID
    let job: Int64
    let worker: UUID
    let contacts: [ContactID]
    let most: Int
    /// Of `contacts`, for the calls of the job `job`, if it still is this `worker`'s; filled up to `most` leads.
    package init(tenant: TenantID, job: Int64, worker: UUID, contacts: [ContactID], most: Int) {
        self.tenant = tenant
        self.job = job
        self.worker = worker
        self.contacts = contacts
        self.most = most
    }
    package var binds: [PostgresBind] {
        [.int8(self.tenant.rawValue), .int8(self.job), .int8s(self.contacts.map(\.rawValue)), .int(self.most), .uuid(self.worker)]
    }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> PushRow {
        let limit: Int32? = try row.decode(4)
        return PushRow(
            lead: LeadID(rawValue: try row.decode(0)), contact: ContactID(rawValue: try row.decode(1)), field: try row.decode(2),
            value: try row.decode(3), batchLimit: limit.map { Int($0) }, isAlone: try row.decode(5))
    }
}
