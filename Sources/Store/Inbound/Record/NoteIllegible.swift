package import Postgres
package import Sync

/// Records activities that could not be read and name no lead that could be looked at instead; a note tells of the last of them.
package struct NoteIllegible: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = """
        WITH noted AS (
            INSERT INTO sync.notes (tenant_id, kind, text)
            SELECT $1, 'activity_unreadable',
                format('The activity %s of the feed %s could not be read (%s); the record (sync.audit) has all such.', coalesce(guid, 'without a GUID'), $4::text, member)
            FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS illegible (guid, member, place)
            ORDER BY place DESC LIMIT 1
            ON CONFLICT (tenant_id, kind, coalesce(lead_id, 0), coalesce(contact_id, 0)) DO UPDATE SET text = excluded.text, since = now()
        )
        INSERT INTO sync.audit (tenant_id, what, new, rule, run_id, job_id)
        SELECT $1, 'activity_unreadable', jsonb_build_object('marketo_guid', guid, 'member', member, 'stream', $4::text), 'unreadable',
            (SELECT (job.payload ->> 'run')::bigint FROM jobs.job WHERE job.id = $5), $5
        FROM unnest($2::text[], $3::text[]) AS illegible (guid, member)
        """
    let tenant: TenantID
    let records: [(guid: String?, member: String)]
    let stream: String
    let job: Int64
    /// `records` of the feed `stream`, by Marketo's key and by what could not be read.
    package init(tenant: TenantID, records: [(guid: String?, member: String)], stream: String, job: Int64) {
        self.tenant = tenant
        self.records = records
        self.stream = stream
        self.job = job
    }
    package var binds: [PostgresBind] {
        [
            .int8(self.tenant.rawValue), .texts(self.records.map(\.guid)), .texts(self.records.map(\.member)), .text(self.stream), .int8(self.job),
        ]
    }
}
