package import FoundationEssentials
package import Postgres
package import Sync

/// Why a lead can't be registered, as it goes to the list.
package struct QuarantineEntry: Sendable {
    package let lead: LeadID
    /// The reason's name, `email_invalid` and so on.
    package let reason: String
    /// What was refused.
    package let value: String?
    package let observedAt: Date
    package let snapshot: Int64
    /// The job that found it.
    package let job: Int64

    /// `lead` is held back for `reason`.
    package init(lead: LeadID, reason: String, value: String?, observedAt: Date, snapshot: Int64, job: Int64) {
        self.lead = lead
        self.reason = reason
        self.value = value
        self.observedAt = observedAt
        self.snapshot = snapshot
        self.job = job
    }
}

/// Lists leads that can't be registered, with the reason and the value (R65); an entry that says the same stays as old as it is.
package struct ListInQuarantine: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = """
        WITH wanted AS (
            SELECT * FROM unnest($2::bigint[], $3::text[], $4::text[], $5::timestamptz[], $6::bigint[], $7::bigint[])
                AS wanted (lead_id, reason, value, observed_at, snapshot, job_id)
            -- What a later read brought is not for an earlier one to refuse.
            WHERE NOT EXISTS (
                SELECT FROM sync.lead_mirror
                WHERE lead_mirror.tenant_id = $1 AND lead_mirror.lead_id = wanted.lead_id AND lead_mirror.observed_at > wanted.observed_at
            )
        ), before AS (
            SELECT quarantine.lead_id, quarantine.reason, quarantine.value FROM sync.quarantine JOIN wanted USING (lead_id)
            WHERE quarantine.tenant_id = $1
        ), listed AS (
            INSERT INTO sync.quarantine AS kept (tenant_id, lead_id, reason, value, observed_at, snapshot)
            SELECT $1, lead_id, reason, value, observed_at, snapshot FROM wanted ORDER BY lead_id
            ON CONFLICT (tenant_id, lead_id) DO UPDATE
                SET reason = excluded.reason, value = excluded.value, observed_at = excluded.observed_at, snapshot = excluded.snapshot,
                    since = CASE
                        WHEN (kept.reason, kept.value) IS NOT DISTINCT FROM (excluded.reason, excluded.value) THEN kept.since ELSE now()
                    END
        )
        INSERT INTO sync.audit (tenant_id, lead_id, what, new, rule, run_id, job_id)
        SELECT $1, wanted.lead_id, 'lead_quarantined', jsonb_build_object('reason', wanted.reason, 'value', wanted.value), wanted.reason,
            (SELECT (job.payload ->> 'run')::bigint FROM jobs.job WHERE job.id = wanted.job_id), wanted.job_id
        FROM wanted LEFT JOIN before USING (lead_id)
        WHERE (before.reason, before.value) IS DISTINCT FROM (wanted.reason, wanted.value)
        """
    let tenant: TenantID
    let entries: [QuarantineEntry]
    /// `entries`, at most one a lead.
    package init(tenant: TenantID, entries: [QuarantineEntry]) {
        self.tenant = tenant
        self.entries = entries
    }
    package var binds: [PostgresBind] {
        [
            .int8(self.tenant.rawValue), .int8s(self.entries.map(\.lead.rawValue)), .texts(self.entries.map(\.reason)),
            .texts(self.entries.map(\.value)), .timestamps(self.entries.map(\.observedAt)), .int8s(self.entries.map(\.snapshot)),
            .int8s(self.entries.map(\.job)),
        ]
    }
}
