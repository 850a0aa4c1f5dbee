package import Postgres
package import Sync

/// The feeds of a tenant that have a gap which no reading has bridged yet.
///
/// - Index: `feed_gaps_open_idx`.
package struct FindOpenGaps: PostgresStatement {
    package typealias Row = String
    package static let sql = "SELECT stream FROM sync.feed_gaps WHERE tenant_id = $1 AND closed_at IS NULL ORDER BY stream"
    let tenant: TenantID
    /// Of `tenant`.
    package init(tenant: TenantID) { self.tenant = tenant }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> String { try row.decode(0) }
}
