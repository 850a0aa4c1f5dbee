package import Postgres
package import Sync

/// Account keys that somebody has been waiting for and that nobody is going to answer: their job was called off, or died more than a day ago.
///
/// - Shape: at most 1,000.
package struct FindForgottenWaits: PostgresStatement {
    package typealias Row = String
    package static let sql = """
        SELECT DISTINCT waiting.key
        FROM sync.account_waits AS waiting
        WHERE waiting.tenant_id = $1 AND waiting.since < now() - interval '5 minutes'
            AND NOT EXISTS (
                SELECT FROM jobs.job
                WHERE job.tenant_id = $1 AND job.kind = 'resolve-account' AND job.unique_key = 'key:' || waiting.key
                    AND job.state <> 'running' AND job.unique_key IS NOT NULL
            )
            AND NOT EXISTS (
                SELECT FROM jobs.job
                WHERE job.tenant_id = $1 AND job.kind = 'resolve-account' AND job.unique_key = 'key:' || waiting.key AND job.state = 'running'
            )
            AND NOT EXISTS (
                SELECT FROM jobs.dead
                WHERE dead.tenant_id = $1 AND dead.kind = 'resolve-account' AND dead.unique_key = 'key:' || waiting.key
                    AND dead.ended_at > now() - interval '1 day'
            )
        LIMIT 1000
        """
    let tenant: TenantID
    /// Of `tenant`.
    package init(tenant: TenantID) { self.tenant = tenant }
    package var binds: [PostgresBind] { [.int8(self.tenant.rawValue)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> String { try row.decode(0) }
}
