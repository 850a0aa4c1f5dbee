package import Postgres
package import Sync

/// Remembers activities that a feed has told of, and tells which of them are news.
///
/// - Index: `seen_activities_pkey`.
package struct NoteSeenActivities: PostgresStatement {
    package typealias Row = String
    package static let sql = """
        INSERT INTO sync.seen_activities (tenant_id, guid)
        SELECT $1, guid FROM (SELECT DISTINCT guid FROM unnest($2::text[]) AS guid) AS told
        ORDER BY guid
        ON CONFLICT (tenant_id, guid) DO NOTHING
        RETURNING guid
        """
    let tenant: TenantID
    let guids: [String]
    /// `guids`: Marketo's keys of activities.
    package init(tenant: TenantID, guids: [String]) {
        self.tenant = tenant
        self.guids = guids
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .texts(self.guids)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> String { try row.decode(0) }
}
