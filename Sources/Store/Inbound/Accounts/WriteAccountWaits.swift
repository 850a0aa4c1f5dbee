package import Postgres
package import Sync

/// Notes which contacts wait for which account.
package struct WriteAccountWaits: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = """
        INSERT INTO sync.account_waits (tenant_id, contact_id, lead_id, key)
        SELECT $1, contact_id, lead_id, key FROM unnest($2::bigint[], $3::bigint[], $4::text[]) AS waiting (contact_id, lead_id, key)
        ORDER BY contact_id
        ON CONFLICT (tenant_id, contact_id) DO UPDATE SET lead_id = excluded.lead_id, key = excluded.key
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
}
