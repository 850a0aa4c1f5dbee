import FoundationEssentials
package import Postgres
package import Sync

/// Reads that are younger than five minutes (sync-algorithms.md 5.4).
///
/// - Index: `activity_reads_pkey`.
package struct FindActivityReads: PostgresStatement {
    package typealias Row = ActivityRead
    package static let sql = """
        SELECT activity_reads.lead_id, activity_reads.is_whole, activity_reads.activities::text
        FROM sync.activity_reads
        WHERE activity_reads.tenant_id = $1 AND activity_reads.lead_id = ANY ($2::bigint[])
            AND activity_reads.read_at > clock_timestamp() - interval '5 minutes'
        """
    let tenant: TenantID
    let leads: [LeadID]
    /// Of these leads.
    package init(tenant: TenantID, leads: [LeadID]) {
        self.tenant = tenant
        self.leads = leads
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8s(self.leads.map(\.rawValue))] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> ActivityRead {
        let text: String = try row.decode(2)
        // Written by another release: then it is as if it had been read in part.
        let activities = try? JSONDecoder().decode([LeadActivity].self, from: Data(text.utf8))
        return ActivityRead(
            lead: LeadID(rawValue: try row.decode(0)), activities: activities ?? [], isWhole: activities == nil ? false : try row.decode(1))
    }
}
