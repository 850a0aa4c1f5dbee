import Foundation
import Postgres
import Sync

/// A living contact.
struct ContactRow: Sendable {
    let id: Int64
    let account: Int64?
    /// Name, e-mail, phone, mobile phone, department, title.
    let texts: [String?]
    /// Lead ID, score, acquisition date in seconds since 1970.
    let shown: [Int64?]

    /// What a contact made of this lead reads.
    static func texts(of lead: Lead) -> [String?] {
        [
            lead.contactName, PlainText.nonBlank(lead.email).map(PlainText.trimmed), PlainText.nonBlank(lead.phone),
            PlainText.nonBlank(lead.mobilePhone), PlainText.nonBlank(lead.department), PlainText.nonBlank(lead.title),
        ]
    }

    struct All: PostgresStatement {
        static let sql = """
            SELECT id, account_id, ARRAY[name, email, phone, mobile_phone, department, title],
                ARRAY[lead_id, lead_score, extract(epoch FROM acquisition_date)::bigint]
            FROM crm.contacts WHERE deleted_at IS NULL
            """
        var binds: [PostgresBind] { [] }
        static func decode(_ row: PostgresRow) throws(PostgresError) -> ContactRow {
            ContactRow(id: try row.decode(0), account: try row.decode(1), texts: try row.decode(2), shown: try row.decode(3))
        }
    }
}

/// A link between a lead and a contact.
struct LinkRow: Sendable {
    let lead: Int64
    let contact: Int64
    let isPrimary: Bool
    let state: String

    struct All: PostgresStatement {
        static let sql = "SELECT lead_id, contact_id, is_primary, state FROM sync.lead_links"
        var binds: [PostgresBind] { [] }
        static func decode(_ row: PostgresRow) throws(PostgresError) -> LinkRow {
            LinkRow(lead: try row.decode(0), contact: try row.decode(1), isPrimary: try row.decode(2), state: try row.decode(3))
        }
    }
}

/// A living account.
struct AccountRow: Sendable {
    let id: Int64
    let name: String
    let phone: String?

    /// Whether a contact with this plan would have made it so.
    func isMade(by plan: AccountPlan) -> Bool { plan.accountName == self.name && plan.accountPhone == self.phone }

    struct All: PostgresStatement {
        static let sql = "SELECT id, name, phone FROM crm.accounts WHERE deleted_at IS NULL"
        var binds: [PostgresBind] { [] }
        static func decode(_ row: PostgresRow) throws(PostgresError) -> AccountRow {
            AccountRow(id: try row.decode(0), name: try row.decode(1), phone: try row.decode(2))
        }
    }
}

/// The leads in quarantine.
struct QuarantinedLeads: PostgresStatement {
    static let sql = "SELECT lead_id FROM sync.quarantine"
    var binds: [PostgresBind] { [] }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Int64 { try row.decode(0) }
}
