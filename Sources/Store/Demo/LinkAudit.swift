package import FoundationEssentials
package import Postgres
package import Sync

/// One lead's link with one contact, as the database has it; for comparing both sides record by record.
package struct LinkAudit: Sendable, Equatable {
    /// The lead.
    package let lead: LeadID
    /// Whether the contact shows this lead's id, score and acquisition date (D4).
    package let isPrimary: Bool
    /// How it stands: `active`, `lead_deleted`, `merged` and their like.
    package let state: String
    /// By which rule it came about: `merge` for a link that a merge in Marketo moved here.
    package let rule: String
    /// The contact's number.
    package let contact: Int64
    /// The lead id that the contact shows.
    package let shownLead: LeadID?
    /// The score that the contact shows.
    package let score: Int?
    /// The acquisition date that the contact shows.
    package let acquisitionDate: Date?
    /// Whether the contact has an account.
    package let hasAccount: Bool

    /// As the database has it.
    package init(
        lead: LeadID, isPrimary: Bool, state: String, rule: String, contact: Int64, shownLead: LeadID?, score: Int?, acquisitionDate: Date?,
        hasAccount: Bool
    ) {
        self.lead = lead
        self.isPrimary = isPrimary
        self.state = state
        self.rule = rule
        self.contact = contact
        self.shownLead = shownLead
        self.score = score
        self.acquisitionDate = acquisitionDate
        self.hasAccount = hasAccount
    }
}

/// The next links of a tenant, by lead id; ask again behind the last one until none comes.
///
/// - Index: `lead_links_pkey`, `contacts_pkey`.
package struct LinkAuditPage: PostgresStatement {
    let tenant: TenantID
    let after: LeadID
    let limit: Int

    /// At most `limit` links of leads above `after`.
    ///
    /// All links of one lead come together as long as a lead has fewer than `limit`.
    package init(tenant: TenantID, after: LeadID, limit: Int = 5_000) {
        self.tenant = tenant
        self.after = after
        self.limit = limit
    }

    package static let sql = """
        WITH leads AS (
            SELECT DISTINCT lead_id
            FROM sync.lead_links
            WHERE tenant_id = $1 AND lead_id > $2
            ORDER BY lead_id LIMIT $3
        )
        SELECT links.lead_id, links.is_primary, links.state, links.rule, contacts.id, contacts.lead_id, contacts.lead_score, contacts.acquisition_date,
            contacts.account_id IS NOT NULL
        FROM leads
        JOIN sync.lead_links AS links ON links.tenant_id = $1 AND links.lead_id = leads.lead_id
        JOIN crm.contacts ON contacts.tenant_id = $1 AND contacts.id = links.contact_id AND contacts.deleted_at IS NULL
        ORDER BY links.lead_id, contacts.id
        """
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8(self.after.rawValue), .int8(Int64(self.limit))] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> LinkAudit {
        let shown: Int64? = try row.decode(5)
        return LinkAudit(
            lead: LeadID(rawValue: try row.decode(0)), isPrimary: try row.decode(1), state: try row.decode(2), rule: try row.decode(3),
            contact: try row.decode(4), shownLead: shown.map { LeadID(rawValue: $0) }, score: try row.decode(6), acquisitionDate: try row.decode(7),
            hasAccount: try row.decode(8))
    }
}
