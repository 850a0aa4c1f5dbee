import FoundationEssentials
package import Postgres
package import Sync

/// Leads as they were last read, in the order of their ids.
///
/// Leads that are gone from Marketo are left out unless asked for.
package struct ReadMirror: PostgresStatement {
    package typealias Row = MirroredLead
    package static let sql = """
        SELECT lead_id, email, first_name, last_name, company, phone, main_phone, mobile_phone, title, department,
            lead_score, acquisition_date, created_at, updated_at, observed_at, snapshot, cleaned
        FROM sync.lead_mirror
        WHERE tenant_id = $1 AND lead_id = ANY ($2::bigint[])
            AND ($3::boolean OR NOT EXISTS (
                SELECT FROM sync.lost_leads
                WHERE lost_leads.tenant_id = $1 AND lost_leads.lead_id = lead_mirror.lead_id AND lost_leads.state IN ('merged', 'deleted')
            ))
        ORDER BY lead_id
        """
    let tenant: TenantID
    let leads: [LeadID]
    let includesGone: Bool
    /// The leads `leads` of `tenant`.
    package init(tenant: TenantID, leads: [LeadID], includingGone includesGone: Bool = false) {
        self.tenant = tenant
        self.leads = leads
        self.includesGone = includesGone
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8s(self.leads.map(\.rawValue)), .bool(self.includesGone)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> MirroredLead {
        let score: Int64? = try row.decode(10)
        let lead = Lead(
            id: LeadID(rawValue: try row.decode(0)), email: try row.decode(1), firstName: try row.decode(2), lastName: try row.decode(3),
            company: try row.decode(4), phone: try row.decode(5), mainPhone: try row.decode(6), mobilePhone: try row.decode(7),
            title: try row.decode(8), department: try row.decode(9), leadScore: score.map { Int($0) }, acquisitionDate: try row.decode(11),
            createdAt: try row.decode(12), updatedAt: try row.decode(13))
        return MirroredLead(lead: lead, observedAt: try row.decode(14), snapshot: try row.decode(15), wasCleaned: try row.decode(16))
    }
}
