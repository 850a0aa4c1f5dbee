package import Postgres
package import Sync

/// Whether a tenant has this deal.
///
/// - Index: `deals_pkey`.
package struct DealExists: PostgresStatement {
    package static let sql = "SELECT EXISTS (SELECT FROM crm.deals WHERE deals.tenant_id = $1 AND deals.id = $2)"
    let tenant: TenantID
    let deal: Int64
    /// By its number.
    package init(tenant: TenantID, deal: Int64) {
        self.tenant = tenant
        self.deal = deal
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8(self.deal)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Bool { try row.decode(0) }
}
