package import FoundationEssentials
package import Postgres
package import Sync

/// Takes leads off the list of the lost because a read has brought them, with a note if they were said to be deleted or merged.
///
/// What is there is there: a read that was sent after the news of its end outranks the news. Take the tenant's turn first (`HoldTurn`), as those do
/// who bring such news.
///
/// - Index: `lost_leads_pkey`.
package struct WelcomeLeadsBack: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = """
        WITH found_again AS (
            DELETE FROM sync.lost_leads
            WHERE lost_leads.tenant_id = $1 AND lost_leads.lead_id = ANY ($2::bigint[]) AND (lost_leads.state = 'missing' OR lost_leads.since < $3)
            RETURNING lost_leads.lead_id, lost_leads.state, lost_leads.winner_id
        )
        INSERT INTO sync.notes (tenant_id, kind, lead_id, text)
        SELECT $1, 'lead_back', lead_id,
            format('Lead %s was said to be %s, and is there all the same; it is synced again.', lead_id,
                CASE state WHEN 'deleted' THEN 'deleted' ELSE 'merged into ' || winner_id END)
        FROM found_again WHERE state <> 'missing'
        ON CONFLICT (tenant_id, kind, coalesce(lead_id, 0), coalesce(contact_id, 0)) DO UPDATE SET text = excluded.text, since = now()
        """
    let tenant: TenantID
    let leads: [LeadID]
    let observedAt: Date
    /// `leads` were stored as they were read after `observedAt`, by the database's clock.
    package init(tenant: TenantID, leads: [LeadID], observedAt: Date) {
        self.tenant = tenant
        self.leads = leads
        self.observedAt = observedAt
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8s(self.leads.map(\.rawValue)), .timestamp(self.observedAt)] }
}
