package import FoundationEssentials
package import Postgres
package import Sync

/// Begins feeds at a token that was made for a moment in time.
///
/// Feeds that were begun before are left where they are.
package struct BeginCursors: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = """
        INSERT INTO sync.cursors (tenant_id, stream, token, since_at)
        SELECT $1, stream, $3, $4 FROM unnest($2::text[]) AS stream
        ORDER BY stream
        ON CONFLICT (tenant_id, stream) DO NOTHING
        """
    let tenant: TenantID
    let streams: [String]
    let token: String
    let since: Date
    /// `streams` begin at `token`, which stands for `since`.
    package init(tenant: TenantID, streams: [String], token: String, since: Date) {
        self.tenant = tenant
        self.streams = streams
        self.token = token
        self.since = since
    }
    package var binds: [PostgresBind] {
        [.int8(self.tenant.rawValue), .texts(self.streams), .text(self.token), .timestamp(self.since)]
    }
}
