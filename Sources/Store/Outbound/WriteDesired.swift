package import Postgres
package import Sync

/// Notes what Marketo should show of contacts, as the whole story says it; what is noted already is left alone.
///
/// Take the tenant's turn for pushes first, so that of two looks at the story the later one is written later.
///
/// - Index: `desired_values_pkey`.
/// - Shape: the contacts in which something is different now.
package struct WriteDesired: PostgresStatement {
    package typealias Row = ContactID
    package static let sql = """
        INSERT INTO sync.desired_values AS kept (tenant_id, contact_id, field, value, seq, deal_id, action_id)
        SELECT $1, contact_id, field, value, seq, deal_id, action_id
        FROM unnest($2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[])
            AS desired (contact_id, field, value, seq, deal_id, action_id)
        ORDER BY contact_id, field
        ON CONFLICT (tenant_id, contact_id, field) DO UPDATE
            SET value = excluded.value, seq = excluded.seq, deal_id = excluded.deal_id, action_id = excluded.action_id,
                version = excluded.version, since = excluded.since
            WHERE (kept.value, kept.seq, kept.deal_id) IS DISTINCT FROM (excluded.value, excluded.seq, excluded.deal_id)
        RETURNING contact_id
        """
    let tenant: TenantID
    let values: [DesiredValue]
    /// `values`, at most one a contact and field.
    package init(tenant: TenantID, values: [DesiredValue]) {
        self.tenant = tenant
        self.values = values
    }
    package var binds: [PostgresBind] {
        [
            .int8(self.tenant.rawValue), .int8s(self.values.map(\.contact.rawValue)), .texts(self.values.map(\.field.rawValue)),
            .texts(self.values.map(\.value)), .int8s(self.values.map(\.seq)), .int8s(self.values.map { $0.deal?.rawValue }),
            .int8s(self.values.map(\.action)),
        ]
    }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> ContactID { ContactID(rawValue: try row.decode(0)) }
}
