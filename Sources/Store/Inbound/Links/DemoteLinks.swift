package import Postgres
package import Sync

/// Takes the rank of primary from leads whose contact now shows another one (D4: the lower id).
package struct DemoteLinks: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = """
        UPDATE sync.lead_links SET is_primary = false
        FROM crm.contacts
        WHERE lead_links.tenant_id = $1 AND lead_links.contact_id = ANY ($2::bigint[]) AND lead_links.is_primary
            AND contacts.tenant_id = $1 AND contacts.id = lead_links.contact_id AND contacts.lead_id IS DISTINCT FROM lead_links.lead_id
        """
    let tenant: TenantID
    let contacts: [ContactID]
    /// Of `contacts`.
    package init(tenant: TenantID, contacts: [ContactID]) {
        self.tenant = tenant
        self.contacts = contacts
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8s(self.contacts.map(\.rawValue))] }
}
