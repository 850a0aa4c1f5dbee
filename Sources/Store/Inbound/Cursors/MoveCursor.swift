package import FoundationEssentials
package import Postgres
package import Sync

/// Moves a feed's cursor behind the page that was just read.
///
/// - Shape: a row if it moved; none if somebody else moved it since it was read, and then nothing of the page may be stored.
package struct MoveCursor: PostgresStatement {
    package typealias Row = Int64
    package static let sql = """
        UPDATE sync.cursors
        SET token = $4, token_seq = token_seq + 1, last_page_at = clock_timestamp(),
            last_activity_at = greatest(last_activity_at, $5),
            last_record_at = CASE WHEN $7 THEN clock_timestamp() ELSE last_record_at END,
            empty_pages = CASE WHEN $6 THEN empty_pages + 1 ELSE 0 END
        WHERE tenant_id = $1 AND stream = $2 AND token_seq = $3
        RETURNING token_seq
        """
    let tenant: TenantID
    let stream: String
    let readSequence: Int64
    let token: String
    let lastActivityAt: Date?
    let countsAsEmpty: Bool
    let hasRecords: Bool
    /// The cursor that was read as `readSequence` moves to `token`.
    package init(
        tenant: TenantID, stream: String, readSequence: Int64, token: String, lastActivityAt: Date?, countsAsEmpty: Bool, hasRecords: Bool = false
    ) {
        self.tenant = tenant
        self.stream = stream
        self.readSequence = readSequence
        self.token = token
        self.lastActivityAt = lastActivityAt
        self.countsAsEmpty = countsAsEmpty
        self.hasRecords = hasRecords
    }
    package var binds: [PostgresBind] {
        [
            .int8(self.tenant.rawValue), .text(self.stream), .int8(self.readSequence), .text(self.token), .timestamp(self.lastActivityAt),
            .bool(self.countsAsEmpty), .bool(self.hasRecords),
        ]
    }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Int64 { try row.decode(0) }
}
