package import Postgres
package import Sync

/// Brings the pushes of contacts in line with what is desired of them, and sees that each has its job.
///
/// Take the tenant's turn for pushes first.
///
/// - Index: `pushes_pkey`, `pushes_contact_idx`, `lead_links_contact_idx`, `desired_values_pkey` (see `sync.want_pushes`).
package struct WantPushes: PostgresStatement {
    package static let sql = "SELECT FROM sync.want_pushes($1, $2::bigint[])"
    let tenant: TenantID
    let contacts: [ContactID]
    /// Of `contacts`.
    package init(tenant: TenantID, contacts: [ContactID]) {
        self.tenant = tenant
        self.contacts = contacts
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8s(self.contacts.map(\.rawValue))] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) {}
}
