package import FoundationEssentials
package import Postgres
package import Sync

/// Writes down that a feed can't tell any more what changed in a stretch of time, with a note; nothing if that is written down already.
///
/// - Shape: a row if it is news.
/// - Index: `feed_gaps_open_idx`, `notes_once_idx`.
package struct OpenFeedGap: PostgresStatement {
    package typealias Row = Int64
    package static let sql = """
        WITH opened AS (
            INSERT INTO sync.feed_gaps (tenant_id, stream, from_at, to_at, run_id) VALUES ($1, $2, $3, clock_timestamp(), $4)
            ON CONFLICT (tenant_id, stream) WHERE closed_at IS NULL DO NOTHING
            RETURNING id, stream, from_at, to_at
        ), noted AS (
            INSERT INTO sync.notes (tenant_id, kind, text)
            SELECT $1, 'feed_gap',
                format('From %s to %s nobody asked the feed %s, longer than Marketo keeps its records: all leads are read anew (ops.feed_gaps tells when that is done).',
                    to_char(from_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'), to_char(to_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'), stream)
            FROM opened
            ON CONFLICT (tenant_id, kind, coalesce(lead_id, 0), coalesce(contact_id, 0)) DO UPDATE SET text = excluded.text, since = now()
        )
        SELECT id FROM opened
        """
    let tenant: TenantID
    let stream: String
    let from: Date
    let run: Int64
    /// `stream` was last read at `from`; `run` reads all leads anew.
    package init(tenant: TenantID, stream: String, from: Date, run: Int64) {
        self.tenant = tenant
        self.stream = stream
        self.from = from
        self.run = run
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .text(self.stream), .timestamp(self.from), .int8(self.run)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Int64 { try row.decode(0) }
}
