package import Postgres
package import Sync

/// The leads of a tenant that can't be registered, by id, with the reason.
///
/// - Index: `quarantine_pkey`.
package struct QuarantineAudit: PostgresStatement {
    /// One of them.
    package struct Row: Sendable, Equatable {
        /// The lead.
        package let lead: LeadID
        /// Why.
        package let reason: String
    }

    let tenant: TenantID

    /// Of `tenant`.
    package init(tenant: TenantID) { self.tenant = tenant }

    package static let sql = "SELECT lead_id, reason FROM sync.quarantine WHERE tenant_id = $1 ORDER BY lead_id"
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(lead: LeadID(rawValue: try row.decode(0)), reason: try row.decode(1))
    }
}
