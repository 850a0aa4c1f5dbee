package import Postgres
package import Sync

/// Takes the one turn that a tenant has for making leads.
///
/// Free is it when its holder's job no longer runs under the lease it had. After a call of which no answer came it rests for 30 s: what that call
/// made may only then be found by its address.
///
/// - Index: `creation_turns_pkey`, `job_pkey`.
/// - Shape: no row if somebody else has it.
package struct TakeCreationTurn: PostgresStatement {
    package typealias Row = Bool
    package static let sql = """
        INSERT INTO sync.creation_turns AS turn (tenant_id, holder_job, holder_lease)
        SELECT $1, job.id, job.lease_no FROM jobs.job WHERE job.id = $2
        ON CONFLICT (tenant_id) DO UPDATE SET holder_job = excluded.holder_job, holder_lease = excluded.holder_lease, sent_at = NULL
            WHERE NOT EXISTS (
                    SELECT FROM jobs.job
                    WHERE job.id = turn.holder_job AND job.state = 'running' AND job.lease_no = turn.holder_lease
                        AND job.lease_until > clock_timestamp() AND job.id <> $2
                )
                AND (turn.sent_at IS NULL OR turn.sent_at < clock_timestamp() - interval '30 seconds')
        RETURNING true
        """
    let tenant: TenantID
    let job: Int64
    /// For the job `job`.
    package init(tenant: TenantID, job: Int64) {
        self.tenant = tenant
        self.job = job
    }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue), .int8(self.job)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Bool { try row.decode(0) }
}
