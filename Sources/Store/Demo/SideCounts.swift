package import Postgres
package import Sync

/// How much of a tenant there is on the Mazrica side, and how many calls that took.
///
/// - Index: the primary keys, which begin with the tenant; `calls_booked_at_idx`.
package struct SideCounts: PostgresStatement {
    /// The numbers.
    package struct Row: Sendable, Equatable {
        /// Contacts that are not deleted.
        package let contacts: Int
        /// Accounts that are not deleted.
        package let accounts: Int
        /// Links between a lead and a contact, whatever their state.
        package let links: Int
        /// Calls that were booked and count.
        package let calls: Int
    }

    let tenant: TenantID

    /// Of `tenant`.
    package init(tenant: TenantID) { self.tenant = tenant }

    package static let sql = """
        SELECT
            (SELECT count(*) FROM crm.contacts WHERE contacts.tenant_id = $1 AND contacts.deleted_at IS NULL),
            (SELECT count(*) FROM crm.accounts WHERE accounts.tenant_id = $1 AND accounts.deleted_at IS NULL),
            (SELECT count(*) FROM sync.lead_links WHERE lead_links.tenant_id = $1),
            (SELECT count(*) FROM sync.calls WHERE calls.tenant_id = $1 AND calls.counted)
        """
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(contacts: try row.decode(0), accounts: try row.decode(1), links: try row.decode(2), calls: try row.decode(3))
    }
}
