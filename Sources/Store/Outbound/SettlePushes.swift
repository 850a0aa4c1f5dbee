package import FoundationEssentials
package import Postgres
package import Sync

/// Notes what became of the lead fields of a call, each with its entry in the record if Marketo has confirmed or refused it.
///
/// Take the tenant's turn for pushes first.
///
/// - Index: `pushes_pkey`.
/// - Shape: the contacts whose value is to be sent once more later, as an older one may still arrive, and when.
package struct SettlePushes: PostgresStatement {
    /// A contact to be sent once more.
    package struct Row: Sendable {
        package let contact: ContactID
        package let field: String
        package let at: Date
    }
    package static let sql = """
        WITH ended AS (
            SELECT * FROM unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::integer[]) AS ended (lead_id, field, fate, reason, batch_limit)
        ), settled AS (
            UPDATE sync.pushes
            SET holder_job = NULL, holder_lease = NULL,
                acked_value = CASE ended.fate WHEN 'acked' THEN pushes.sent_value ELSE pushes.acked_value END,
                acked_seq = CASE
                    WHEN ended.fate <> 'acked' THEN pushes.acked_seq
                    WHEN pushes.desired IS NOT DISTINCT FROM pushes.sent_value THEN pushes.seq
                    ELSE pushes.sent_seq
                END,
                sent_seq = CASE WHEN ended.fate IN ('acked', 'unknown') THEN pushes.sent_seq END,
                attempts = CASE ended.fate WHEN 'acked' THEN 0 WHEN 'again' THEN pushes.attempts + 1 ELSE pushes.attempts END,
                batch_limit = CASE ended.fate WHEN 'acked' THEN NULL WHEN 'halved' THEN ended.batch_limit ELSE pushes.batch_limit END,
                is_alone = CASE ended.fate WHEN 'acked' THEN false WHEN 'alone' THEN true ELSE pushes.is_alone END,
                state = CASE
                    WHEN pushes.desired IS DISTINCT FROM pushes.sent_value THEN 'waiting'
                    WHEN ended.fate IN ('acked', 'refused', 'parked') THEN ended.fate
                    WHEN ended.fate = 'again' AND pushes.attempts >= 2 THEN 'refused'
                    ELSE 'waiting'
                END,
                reason = CASE WHEN ended.fate <> 'acked' AND pushes.desired IS NOT DISTINCT FROM pushes.sent_value THEN ended.reason END
            FROM ended
            WHERE pushes.tenant_id = $1 AND pushes.lead_id = ended.lead_id AND pushes.field = ended.field AND pushes.holder_job = $2
            RETURNING pushes.lead_id, pushes.contact_id, pushes.field, pushes.sent_value, pushes.confirm_at, ended.fate, ended.reason
        ), told AS (
            INSERT INTO sync.audit (tenant_id, lead_id, contact_id, what, new, rule, job_id)
            SELECT $1, lead_id, contact_id, CASE fate WHEN 'acked' THEN 'pushed' ELSE 'push_' || fate END,
                jsonb_build_object('field', field, 'value', sent_value), reason, $2
            FROM settled WHERE fate IN ('acked', 'refused', 'parked')
            ORDER BY lead_id, field
        )
        SELECT contact_id, field, confirm_at FROM settled WHERE fate = 'acked' AND confirm_at IS NOT NULL
        """
    let tenant: TenantID
    let job: Int64
    let ends: [PushEnd]
    /// `ends` of what the job `job` took.
    package init(tenant: TenantID, job: Int64, ends: [PushEnd]) {
        self.tenant = tenant
        self.job = job
        self.ends = ends
    }
    package var binds: [PostgresBind] {
        [
            .int8(self.tenant.rawValue), .int8(self.job), .int8s(self.ends.map(\.row.lead.rawValue)), .texts(self.ends.map(\.row.field)),
            .texts(self.ends.map(\.fate.rawValue)), .texts(self.ends.map(\.reason)), .int4s(self.ends.map { $0.limit.map { Int32(clamping: $0) } }),
        ]
    }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(contact: ContactID(rawValue: try row.decode(0)), field: try row.decode(1), at: try row.decode(2))
    }
}
