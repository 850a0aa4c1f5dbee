package import Postgres
package import Sync

/// Notes which contacts wait for which account; one that waits already goes on waiting for the same.
///
/// - Shape: a row for each contact, with the key that it waits for.
package struct WriteAccountWaits: PostgresStatement {
    /// A contact that waits.
    package struct Row: Sendable {
        /// The contact.
        package let contact: ContactID
        /// The account key, in its bounded form.
        package let key: String
    }
    package static let sql = """
        INSERT INTO sync.account_waits AS kept (tenant_id, contact_id, lead_id, key)
        SELECT $1, contact_id, lead_id, key FROM unnest($2::bigint[], $3::bigint[], $4::text[]) AS waiting (contact_id, lead_id, key)
        ORDER BY contact_id
        ON CONFLICT (tenant_id, contact_id) DO UPDATE SET key = kept.key
        RETURNING contact_id, key
        """
    let tenant: TenantID
    let waits: [AccountWait]
    /// `waits`, at most one a contact.
    package init(tenant: TenantID, waits: [AccountWait]) {
        self.tenant = tenant
        self.waits = waits
    }
    package var binds: [PostgresBind] {
        [
            .int8(self.tenant.rawValue), .int8s(self.waits.map(\.contact.rawValue)), .int8s(self.waits.map(\.lead.rawValue)),
            .texts(self.waits.map(\.key)),
        ]
    }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(contact: ContactID(rawValue: try row.decode(0)), key: try row.decode(1))
    }
}
