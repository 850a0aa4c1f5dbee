package import Postgres
package import Sync

/// A living account, as the database has it; for comparing both sides record by record.
package struct AccountAudit: Sendable, Equatable {
    /// Its number.
    package let id: AccountID
    /// What it is called.
    package let name: String
    /// Its phone, as received.
    package let phone: String?

    /// As the database has it.
    package init(id: AccountID, name: String, phone: String? = nil) {
        self.id = id
        self.name = name
        self.phone = phone
    }

    /// Whether a contact with this plan would have made it so.
    func isMade(by plan: AccountPlan) -> Bool { plan.accountName == self.name && plan.accountPhone == self.phone }
}

/// The next living accounts of a tenant, by id; ask again behind the last one until none comes.
///
/// - Index: `accounts_pkey`.
package struct AccountAuditPage: PostgresStatement {
    let tenant: TenantID
    let after: AccountID

    /// The first accounts, or those behind `last`.
    package init(tenant: TenantID, after last: AccountAudit? = nil) {
        self.tenant = tenant
        self.after = last?.id ?? AccountID(rawValue: 0)
    }

    package static let sql = """
        SELECT id, name, phone FROM crm.accounts
        WHERE tenant_id = $1 AND id > $2 AND deleted_at IS NULL
        ORDER BY id LIMIT 5000
        """
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8(self.after.rawValue)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> AccountAudit {
        AccountAudit(id: AccountID(rawValue: try row.decode(0)), name: try row.decode(1), phone: try row.decode(2))
    }
}
