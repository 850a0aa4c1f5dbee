package import Postgres
package import Sync

/// Gives the turn to make leads back: the answer is known, or nothing was sent after all.
///
/// - Index: `creation_turns_pkey`, `creation_attempts_pkey`.
package struct EndCreation: PostgresStatement {
    package typealias Row = PostgresNoRow
    package static let sql = """
        WITH answered AS (
            DELETE FROM sync.creation_attempts WHERE tenant_id = $1 AND contact_id = ANY ($3::bigint[])
        )
        UPDATE sync.creation_turns SET sent_at = NULL, holder_job = NULL WHERE tenant_id = $1 AND holder_job = $2
        """
    let tenant: TenantID
    let job: Int64
    let answered: [ContactID]
    /// By the job `job`; of the contacts `answered` it is known whether they have a lead.
    package init(tenant: TenantID, job: Int64, answered: [ContactID]) {
        self.tenant = tenant
        self.job = job
        self.answered = answered
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8(self.job), .int8s(self.answered.map(\.rawValue))] }
}
