package import Postgres
package import Sync

/// Moves the links of leads that were merged into another one; both contacts stay if both leads had one.
///
/// - Shape: `losers[i]` was merged into `winners[i]`. A winner that was itself merged meanwhile stands for its own winner.
///   A row for each winner, and each other lead that a contact shows from now on; they have to be read again. Source: sync-algorithms.md 3.4 (merges).
package struct MergeLeads: PostgresStatement {
    package typealias Row = LeadID
    package static let sql = """
        SELECT DISTINCT winner_id FROM sync.merge_leads($1, $2::bigint[], $3::bigint[], $4) AS winner_id ORDER BY winner_id
        """
    let tenant: TenantID
    let losers: [LeadID]
    let winners: [LeadID]
    let job: Int64
    /// `losers[i]` went up in `winners[i]`, as the job `job` read.
    package init(tenant: TenantID, losers: [LeadID], winners: [LeadID], job: Int64) {
        self.tenant = tenant
        self.losers = losers
        self.winners = winners
        self.job = job
    }
    package var binds: [PostgresBind] {
        [.int8(self.tenant.rawValue), .int8s(self.losers.map(\.rawValue)), .int8s(self.winners.map(\.rawValue)), .int8(self.job)]
    }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> LeadID { LeadID(rawValue: try row.decode(0)) }
}
