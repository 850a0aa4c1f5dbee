package import Postgres
package import Sync

/// Writes notes, each kind once a lead and contact.
package struct WriteNotes: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = """
        INSERT INTO sync.notes (tenant_id, kind, lead_id, contact_id, text)
        SELECT $1, kind, lead_id, contact_id, text
        FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::text[]) AS note (kind, lead_id, contact_id, text)
        ORDER BY lead_id, contact_id
        ON CONFLICT (tenant_id, kind, coalesce(lead_id, 0), coalesce(contact_id, 0)) DO NOTHING
        """
    /// Something a person may want to look at, of whatever kind.
    package struct Note: Sendable {
        let kind: String
        let lead: LeadID?
        let contact: ContactID?
        let text: String
        /// A note of the kind `kind`: a word with underscores.
        package init(kind: String, lead: LeadID?, contact: ContactID?, text: String) {
            self.kind = kind
            self.lead = lead
            self.contact = contact
            self.text = text
        }
        /// A note of the rules.
        package init(_ note: SyncNote, contact: ContactID?) {
            self.init(kind: note.kind.rawValue, lead: note.lead, contact: contact, text: note.text)
        }
    }
    let tenant: TenantID
    let notes: [Note]
    /// `notes` of `tenant`.
    package init(tenant: TenantID, notes: [Note]) {
        self.tenant = tenant
        self.notes = notes
    }
    package var binds: [PostgresBind] {
        [
            .int8(self.tenant.rawValue), .texts(self.notes.map(\.kind)), .int8s(self.notes.map { $0.lead?.rawValue }),
            .int8s(self.notes.map { $0.contact?.rawValue }), .texts(self.notes.map(\.text)),
        ]
    }
}
