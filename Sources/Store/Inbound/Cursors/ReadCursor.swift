import FoundationEssentials
package import Postgres
package import Sync

/// Where a feed of a tenant was left; no row if it was never begun.
package struct ReadCursor: PostgresStatement {
    package typealias Row = FeedCursor
    package static let sql = """
        SELECT token, token_seq, empty_pages, last_activity_at, last_page_at, since_at, last_record_at
        FROM sync.cursors
        WHERE tenant_id = $1 AND stream = $2
        """
    let tenant: TenantID
    let stream: String
    /// The feed `stream` of `tenant`.
    package init(tenant: TenantID, stream: String) {
        self.tenant = tenant
        self.stream = stream
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .text(self.stream)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> FeedCursor {
        FeedCursor(
            token: try row.decode(0), sequence: try row.decode(1), emptyPages: try row.decode(2), lastActivityAt: try row.decode(3),
            lastRecordAt: try row.decode(6),
            lastPageAt: try row.decode(4), since: try row.decode(5))
    }
}
