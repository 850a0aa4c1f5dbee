package import Postgres
package import Sync

/// Of leads that were just stored, those whose contacts have to be looked at: new, changed, neither linked nor listed yet, or listed for a value that
/// is no more.
///
/// Take the tenant's turn first (`HoldTurn`): what others are writing is committed then, and seen.
///
/// - Index: `lead_mirror_pkey`, `lead_links_pkey`, `quarantine_pkey`, `lost_leads_pkey`.
package struct FindStaleLeads: PostgresStatement {
    /// A lead that has to be looked at.
    package struct Row: Sendable {
        /// The lead.
        package let lead: LeadID
        /// Whether it stands on the quarantine list.
        package let isListed: Bool
    }
    package static let sql = """
        SELECT written.lead_id, listed.entries > 0
        FROM sync.lead_mirror AS written
        CROSS JOIN LATERAL (  -- each by its key, whatever the planner thinks of tables that were empty a minute ago
            SELECT count(*) FILTER (WHERE lead_links.snapshot = written.snapshot) AS up_to_date,
                count(*) FILTER (WHERE lead_links.snapshot <> written.snapshot) AS behind
            FROM sync.lead_links
            WHERE lead_links.tenant_id = $1 AND lead_links.lead_id = written.lead_id AND lead_links.state = 'active'
        ) AS links
        CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE quarantine.snapshot = written.snapshot AND quarantine.reason IN ('email_invalid', 'score_out_of_range')) AS as_is,
                count(*) FILTER (WHERE quarantine.snapshot = written.snapshot AND quarantine.reason = 'score_out_of_range') AS out_of_range,
                count(*) FILTER (WHERE quarantine.snapshot <> written.snapshot) AS outdated, count(*) AS entries
            FROM sync.quarantine
            WHERE quarantine.tenant_id = $1 AND quarantine.lead_id = written.lead_id
        ) AS listed
        WHERE written.tenant_id = $1 AND written.lead_id = ANY ($2::bigint[])
            -- One contact of several, as a merge leaves them, may be behind the others; and a lead held back for its address may have got one by a merge.
            AND (
                links.behind > 0 AND listed.out_of_range = 0 OR links.up_to_date + links.behind = 0 AND listed.as_is = 0 OR listed.outdated > 0
            )
            -- One that news of its end outdid, which is later than this read, is gone.
            AND NOT EXISTS (
                SELECT FROM sync.lost_leads
                WHERE lost_leads.tenant_id = $1 AND lost_leads.lead_id = written.lead_id AND lost_leads.state IN ('merged', 'deleted')
            )
        ORDER BY written.lead_id
        """
    let tenant: TenantID
    let leads: [LeadID]
    /// Of `leads`, which this transaction has just stored.
    package init(tenant: TenantID, leads: [LeadID]) {
        self.tenant = tenant
        self.leads = leads
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8s(self.leads.map(\.rawValue))] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(lead: LeadID(rawValue: try row.decode(0)), isListed: try row.decode(1))
    }
}
