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
        /// Why nothing is sent to them: field_missing, field_read_only; `nil`: it is.
        package let phaseFault: String?
        package let statusFault: String?
        /// How many characters they hold.
        package let phaseLength: Int?
        package let statusLength: Int?
        /// When the field list was last read.
        package let readAt: Date
        /// The list was read within the last hour.
        package let isFresh: Bool
    }
    package static let sql = """
        SELECT acquisition_date, phase, status, read_at, read_at > clock_timestamp() - interval '1 hour',
            phase_fault, status_fault, phase_length, status_length
        FROM sync.lead_fields
        WHERE tenant_id = $1
        """
    let tenant: TenantID
    /// Of `tenant`.
    package init(tenant: TenantID) { self.tenant = tenant }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        let phaseLength: Int32? = try row.decode(7)
        let statusLength: Int32? = try row.decode(8)
        return Row(
            acquisitionDate: try row.decode(0), phase: try row.decode(1), status: try row.decode(2), phaseFault: try row.decode(5),
            statusFault: try row.decode(6), phaseLength: phaseLength.map { Int($0) }, statusLength: statusLength.map { Int($0) },
            readAt: try row.decode(3), isFresh: try row.decode(4))
    }
}
