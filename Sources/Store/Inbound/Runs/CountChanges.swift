package import Postgres
package import Sync

/// Adds to the number of leads whose contacts changed, in each run of the tenant that is under way.
package struct CountChanges: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = """
        UPDATE sync.runs SET leads_changed = leads_changed + $2
        WHERE tenant_id = $1 AND state = 'running'
        """
    let tenant: TenantID
    let changed: Int
    /// `changed` more leads.
    package init(tenant: TenantID, changed: Int) {
        self.tenant = tenant
        self.changed = changed
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int(self.changed)] }
}
