import FoundationEssentials
package import Postgres
package import Sync

/// Every contact that may matter to a batch of leads: linked with one of them, or with the e-mail address of one; deleted ones too.
///
/// Of those that share an address only the five oldest: the first is matched, the others get a note.
package struct FindContacts: PostgresStatement {
    package typealias Row = ContactCandidate
    package static let sql = """
        WITH linked AS (
            SELECT DISTINCT lead_links.contact_id AS id FROM sync.lead_links
            WHERE lead_links.tenant_id = $1 AND lead_links.lead_id = ANY ($2::bigint[]) AND lead_links.state <> 'merged'
        ), sharing AS (
            SELECT oldest.id FROM unnest($3::text[]) AS asked (key)
            CROSS JOIN LATERAL (
                SELECT contacts.id FROM crm.contacts
                WHERE contacts.tenant_id = $1 AND contacts.email_key = crm.index_key(asked.key) AND contacts.deleted_at IS NULL
                ORDER BY contacts.created_at, contacts.id LIMIT 5
            ) AS oldest
        ), showing AS (
            SELECT contacts.id FROM crm.contacts WHERE contacts.tenant_id = $1 AND contacts.lead_id = ANY ($2::bigint[])
        ), candidate AS (
            SELECT id FROM linked UNION SELECT id FROM sharing UNION SELECT id FROM showing
        )
        SELECT candidate.id, contacts.email_key, contacts.created_at, contacts.id IS NULL OR contacts.deleted_at IS NOT NULL,
            contacts.account_id IS NOT NULL,
            contacts.lead_id, contacts.lead_score, contacts.acquisition_date,
            ARRAY(
                SELECT lead_links.lead_id FROM sync.lead_links
                WHERE lead_links.tenant_id = $1 AND lead_links.contact_id = candidate.id
                    AND (
                        lead_links.state IN ('active', 'contact_deleted')
                        -- A deleted contact holds its lead back even when that one was deleted, and then turns out to be there.
                        OR lead_links.state = 'lead_deleted' AND (contacts.id IS NULL OR contacts.deleted_at IS NOT NULL)
                    )
            )
        FROM candidate
        LEFT JOIN crm.contacts ON contacts.tenant_id = $1 AND contacts.id = candidate.id
        """
    let tenant: TenantID
    let leads: [LeadID]
    let emails: [EmailKey]
    /// For `leads`, whose valid addresses are `emails`.
    package init(tenant: TenantID, leads: [LeadID], emails: [EmailKey]) {
        self.tenant = tenant
        self.leads = leads
        self.emails = emails
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8s(self.leads.map(\.rawValue)), .texts(self.emails.map(\.text))] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> ContactCandidate {
        let email: String? = try row.decode(1)
        let createdAt: Date? = try row.decode(2)
        let shown: Int64? = try row.decode(5)
        let score: Int32? = try row.decode(6)
        let leads: [Int64] = try row.decode(8)
        return ContactCandidate(
            id: ContactID(rawValue: try row.decode(0)), emailKey: email.map(EmailKey.init(stored:)), createdAt: createdAt ?? .distantPast,
            isDeleted: try row.decode(3), hasAccount: try row.decode(4),
            shown: ThreeFields(leadID: shown.map(LeadID.init(rawValue:)), score: score.map { Int($0) }, acquisitionDate: try row.decode(7)),
            leads: Set(leads.map(LeadID.init(rawValue:))))
    }
}
