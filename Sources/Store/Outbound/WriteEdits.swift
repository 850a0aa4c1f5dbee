package import Postgres
package import Sync

/// Notes which columns of contacts users changed; the values are read where they are as they are sent (R60, section 8).
///
/// - Index: `contact_events_pkey` for the part, `desired_values_pkey`.
package struct WriteEdits: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = """
        INSERT INTO sync.desired_values AS kept (tenant_id, contact_id, field, seq)
        SELECT $1, told.contact_id, edited.field, max(told.seq)
        FROM unnest($2::bigint[], $3::bigint[]) AS part (first, last)
        JOIN sync.contact_events AS told ON told.tenant_id = $1 AND told.seq BETWEEN part.first AND part.last AND told.kind = 'contact_edited'
        JOIN sync.tenants ON tenants.id = $1 AND told.at >= tenants.started_at
        CROSS JOIN LATERAL unnest(told.fields) AS edited (field)
        GROUP BY told.contact_id, edited.field
        ORDER BY told.contact_id, edited.field
        ON CONFLICT (tenant_id, contact_id, field) DO UPDATE SET seq = excluded.seq, version = excluded.version, since = excluded.since
            WHERE kept.seq < excluded.seq
        """
    let tenant: TenantID
    let ranges: [EventRange]
    /// Of the parts `ranges`.
    package init(tenant: TenantID, ranges: [EventRange]) {
        self.tenant = tenant
        self.ranges = ranges
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8s(self.ranges.map(\.first)), .int8s(self.ranges.map(\.last))] }
}
