import FoundationEssentials
package import Postgres
package import Sync

/// Makes links, or notes at those that are there which read was last applied.
///
/// Which lead is a contact's primary follows from what the contact shows, so write the contacts first.
package struct WriteLinks: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = """
        INSERT INTO sync.lead_links AS kept (tenant_id, lead_id, contact_id, is_primary, rule, observed_at, snapshot)
        SELECT $1, wanted.lead_id, wanted.contact_id, contacts.lead_id IS NOT DISTINCT FROM wanted.lead_id, wanted.rule,
            wanted.observed_at, wanted.snapshot
        FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::timestamptz[], $6::bigint[])
            AS wanted (lead_id, contact_id, rule, observed_at, snapshot)
        JOIN crm.contacts ON contacts.tenant_id = $1 AND contacts.id = wanted.contact_id
        ORDER BY wanted.lead_id, wanted.contact_id
        ON CONFLICT (tenant_id, lead_id, contact_id) DO UPDATE
            SET is_primary = excluded.is_primary, state = 'active', observed_at = excluded.observed_at, snapshot = excluded.snapshot
        """
    let tenant: TenantID
    let links: [LinkChange]
    /// `links`, at most one a lead and contact.
    package init(tenant: TenantID, links: [LinkChange]) {
        self.tenant = tenant
        self.links = links
    }
    package var binds: [PostgresBind] {
        [
            .int8(self.tenant.rawValue), .int8s(self.links.map(\.lead.rawValue)), .int8s(self.links.map(\.contact.rawValue)),
            .texts(self.links.map(\.rule)), .timestamps(self.links.map(\.observedAt)), .int8s(self.links.map(\.snapshot)),
        ]
    }
}
