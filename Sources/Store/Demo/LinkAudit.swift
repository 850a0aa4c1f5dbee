package import Postgres
package import Sync

/// One lead's link with one contact, as the database has it; for comparing both sides record by record.
package struct LinkAudit: Sendable, Equatable {
    /// The lead.
    package let lead: LeadID
    /// The contact; it may be deleted.
    package let contact: ContactID
    /// Whether the contact shows this lead's id, score and acquisition date (D4).
    package let isPrimary: Bool
    /// How it stands: `active`, `lead_deleted`, `merged` and their like.
    package let state: String
    /// By which rule it came about: `merge` for a link that a merge in Marketo moved here.
    package let rule: String

    /// As the database has it.
    package init(lead: LeadID, contact: ContactID, isPrimary: Bool = true, state: String = "active", rule: String = "created") {
        self.lead = lead
        self.contact = contact
        self.isPrimary = isPrimary
        self.state = state
        self.rule = rule
    }
}

/// The next links of a tenant; ask again behind the last one until none comes.
///
/// - Index: `lead_links_pkey`.
package struct LinkAuditPage: PostgresStatement {
    let tenant: TenantID
    let lead: LeadID
    let contact: ContactID

    /// The first links, or those behind `last`.
    package init(tenant: TenantID, after last: LinkAudit? = nil) {
        self.tenant = tenant
        self.lead = last?.lead ?? LeadID(rawValue: 0)
        self.contact = last?.contact ?? ContactID(rawValue: 0)
    }

    package static let sql = """
        SELECT lead_id, contact_id, is_primary, state, rule
        FROM sync.lead_links
        WHERE tenant_id = $1 AND (lead_id, contact_id) > ($2, $3)
        ORDER BY lead_id, contact_id LIMIT 5000
        """
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8(self.lead.rawValue), .int8(self.contact.rawValue)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> LinkAudit {
        LinkAudit(
            lead: LeadID(rawValue: try row.decode(0)), contact: ContactID(rawValue: try row.decode(1)), isPrimary: try row.decode(2),
            state: try row.decode(3), rule: try row.decode(4))
    }
}
