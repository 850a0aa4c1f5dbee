import FoundationEssentials
package import Postgres
package import Sync

/// A living contact, as the database has it; for comparing both sides record by record.
package struct ContactAudit: Sendable, Equatable {
    /// Its number.
    package let id: ContactID
    /// Its account; nil without one.
    package let account: AccountID?
    /// What was written once, when it was made.
    package let texts: ContactTexts
    /// What the sync keeps up to date: Lead ID, score, acquisition date.
    package let shown: ThreeFields

    /// As the database has it.
    package init(id: ContactID, account: AccountID?, texts: ContactTexts, shown: ThreeFields) {
        self.id = id
        self.account = account
        self.texts = texts
        self.shown = shown
    }
}

/// The next living contacts of a tenant, by id; ask again behind the last one until none comes.
///
/// - Index: `contacts_pkey`.
package struct ContactAuditPage: PostgresStatement {
    let tenant: TenantID
    let after: ContactID

    /// The first contacts, or those behind `last`.
    package init(tenant: TenantID, after last: ContactAudit? = nil) {
        self.tenant = tenant
        self.after = last?.id ?? ContactID(rawValue: 0)
    }

    package static let sql = """
        SELECT id, account_id, name, email, phone, mobile_phone, department, title, lead_id, lead_score, acquisition_date
        FROM crm.contacts
        WHERE tenant_id = $1 AND id > $2 AND deleted_at IS NULL
        ORDER BY id LIMIT 5000
        """
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8(self.after.rawValue)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> ContactAudit {
        let account: Int64? = try row.decode(1)
        let lead: Int64? = try row.decode(8)
        let score: Int32? = try row.decode(9)
        return ContactAudit(
            id: ContactID(rawValue: try row.decode(0)), account: account.map { AccountID(rawValue: $0) },
            texts: ContactTexts(
                name: try row.decode(2), email: try row.decode(3), phone: try row.decode(4), mobilePhone: try row.decode(5),
                department: try row.decode(6), title: try row.decode(7)),
            shown: ThreeFields(leadID: lead.map { LeadID(rawValue: $0) }, score: score.map { Int($0) }, acquisitionDate: try row.decode(10)))
    }
}
