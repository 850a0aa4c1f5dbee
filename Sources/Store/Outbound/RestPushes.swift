package import Postgres
package import Sync

/// Has what is to be sent of some contacts rest while their leads are gone, and go on when they are there again.
///
/// Take the tenant's turn for pushes first.
///
/// - Index: `pushes_contact_idx`, `lead_links_pkey`, `contacts_pkey`, `job_pkey`.
package struct RestPushes: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = "SELECT FROM sync.rest_pushes($1, $2)"
    let tenant: TenantID
    let contacts: [ContactID]
    /// Of `contacts`.
    package init(tenant: TenantID, contacts: [ContactID]) {
        self.tenant = tenant
        self.contacts = contacts
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8s(self.contacts.map(\.rawValue))] }
}
