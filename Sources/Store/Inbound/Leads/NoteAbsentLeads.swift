package import FoundationEssentials
package import Postgres
package import Sync

/// Notes leads that a read should have brought and did not, although nothing said that they were deleted or merged.
///
/// Of a block of ids those that were read before; of leads that something hinted at all, for whoever hints knows of a lead.
///
/// - Shape: a row for each lead that is to be looked for again, with how often it was missed: after 1 and 2 times it may be
///   only late news, from the third on it is listed as not accessible (a partition, a permission). Source: sync-algorithms.md 3.4.
package struct NoteAbsentLeads: PostgresStatement {
    /// A lead that was missed.
    package struct Row: Sendable {
        /// The lead.
        package let lead: LeadID
        /// How often a read did not bring it.
        package let checks: Int
    }
    package static let sql = """
        WITH known AS (
            SELECT asked.lead_id FROM unnest($2::bigint[]) AS asked (lead_id)
            LEFT JOIN sync.lead_mirror ON lead_mirror.tenant_id = $1 AND lead_mirror.lead_id = asked.lead_id
            WHERE CASE WHEN lead_mirror.lead_id IS NULL THEN $4::boolean ELSE lead_mirror.observed_at < $3 END
        )
        INSERT INTO sync.lost_leads AS lost (tenant_id, lead_id, state, checks)
        SELECT $1, known.lead_id, 'missing', 1 FROM known ORDER BY known.lead_id
        ON CONFLICT (tenant_id, lead_id) DO UPDATE SET checks = lost.checks + 1 WHERE lost.state = 'missing'
        RETURNING lead_id, checks
        """
    let tenant: TenantID
    let leads: [LeadID]
    let observedAt: Date
    let areHinted: Bool
    /// `leads` were asked for after `observedAt` and are not in the answer; `areHinted`: because something hinted at each of them.
    package init(tenant: TenantID, leads: [LeadID], observedAt: Date, areHinted: Bool) {
        self.tenant = tenant
        self.leads = leads
        self.observedAt = observedAt
        self.areHinted = areHinted
    }
    package var binds: [PostgresBind] {
        [.int8(self.tenant.rawValue), .int8s(self.leads.map(\.rawValue)), .timestamp(self.observedAt), .bool(self.areHinted)]
    }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        let checks: Int32 = try row.decode(1)
        return Row(lead: LeadID(rawValue: try row.decode(0)), checks: Int(checks))
    }
}
