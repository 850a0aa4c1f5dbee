package import Postgres
package import Sync

/// Lead ids of a stretch that no read has ever brought, the lowest first.
package struct FindUnreadLeads: PostgresStatement {
    package typealias Row = LeadID
    package static let sql = """
        SELECT number FROM generate_series($2::bigint, $3::bigint) AS number
        WHERE NOT EXISTS (SELECT FROM sync.lead_mirror WHERE lead_mirror.tenant_id = $1 AND lead_mirror.lead_id = number)
            AND NOT EXISTS (SELECT FROM sync.lost_leads WHERE lost_leads.tenant_id = $1 AND lost_leads.lead_id = number)
        ORDER BY number LIMIT $4
        """
    let tenant: TenantID
    let stretch: ClosedRange<Int64>
    let limit: Int
    /// At most `limit` ids of `stretch`.
    package init(tenant: TenantID, stretch: ClosedRange<Int64>, limit: Int) {
        self.tenant = tenant
        self.stretch = stretch
        self.limit = limit
    }
    package var binds: [PostgresBind] {
        [.int8(self.tenant.rawValue), .int8(self.stretch.lowerBound), .int8(self.stretch.upperBound), .int(self.limit)]
    }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> LeadID { LeadID(rawValue: try row.decode(0)) }
}
