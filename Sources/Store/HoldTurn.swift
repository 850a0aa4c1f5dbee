package import Postgres
package import Sync

/// Takes one of the tenant's turns to write until the transaction ends, and the right to write the three guarded fields.
///
/// One transaction of a tenant at a time decides which contacts are new and which are there: two leads with one e-mail address, read by two
/// workers at once, become one contact. And one decides the same of accounts. The two don't wait for each other: who has the first takes the second if it
/// is free (`TakeAccountsTurn`); else a contact that is made while its account is, does not see it yet, waits for the key, and a later `resolve-account`
/// finds it. Take a turn late: after the calls, after the work that needs none.
package struct HoldTurn: PostgresStatement {
    package typealias Row = Bool
    /// What is decided.
    package enum Matter: String, Sendable {
        /// Who is whose contact.
        case contacts
        /// Who belongs to which account.
        case accounts
        /// What has to be sent to Marketo. Whoever takes more than one turn takes this one last.
        case pushes
    }
    package static let sql = """
        SELECT true
        FROM (SELECT pg_advisory_xact_lock(hashtextextended('kakehashi.' || $2, $1::bigint))) AS turn, crm.write_as_sync()
        """
    let tenant: TenantID
    let matter: Matter
    /// For `tenant`.
    package init(tenant: TenantID, to matter: Matter = .contacts) {
        self.tenant = tenant
        self.matter = matter
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .text(self.matter.rawValue)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Bool { try row.decode(0) }
}
