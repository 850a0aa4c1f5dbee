package import FoundationEssentials
package import Postgres
package import Sync

/// What a tenant's fields are called, as describe last told; no row before that.
package struct TenantFields: PostgresStatement {
    /// Names and their age.
    package struct Row: Sendable {
        /// What Marketo calls the acquisition date; `nil` if the subscription has no such field.
        package let acquisitionDate: String?
        /// What Marketo calls the field that shows a deal's phase, and the one that shows the last activity; `nil` if there is none.
        package let phase: String?
        package let status: String?
        /// When the field list was last read.
        package let readAt: Date
        /// The list was read within the last hour.
        package let isFresh: Bool
    }
    package static let sql = """
        SELECT acquisition_date, phase, status, read_at, read_at > clock_timestamp() - interval '1 hour'
        FROM sync.lead_fields
        WHERE tenant_id = $1
        """
    let tenant: TenantID
    /// Of `tenant`.
    package init(tenant: TenantID) { self.tenant = tenant }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            acquisitionDate: try row.decode(0), phase: try row.decode(1), status: try row.decode(2), readAt: try row.decode(3),
            isFresh: try row.decode(4))
    }
}
