package import FoundationEssentials
package import Postgres

/// What a tenant still has to do soon: jobs that run, are due, or will be within a while.
///
/// Carried by `job_ready`, `job_scheduled_tenant`, `job_running`.
package struct JobsPending: PostgresStatement {
    package static let sql = """
        SELECT
            (SELECT count(*) FROM jobs.job WHERE tenant_id = $1 AND worker_id IS NOT NULL),
            (SELECT count(*) FROM jobs.job WHERE tenant_id = $1 AND state IN ('ready', 'suspect')),
            (SELECT count(*) FROM jobs.job WHERE tenant_id = $1 AND state = 'scheduled' AND run_at <= now() + $2 * interval '1 second'),
            (SELECT count(*) FROM jobs.dead WHERE tenant_id = $1 AND ended_at >= $3)
        """

    /// Whose jobs.
    package let tenant: Int64
    /// How far ahead to look.
    package let within: Duration
    /// Since when deaths count.
    package let since: Date

    /// Asks for those of `tenant` within the next minute, unless told otherwise.
    package init(tenant: Int64, within: Duration = .seconds(60), since: Date) {
        self.tenant = tenant
        self.within = within
        self.since = since
    }

    /// The values.
    package var binds: [PostgresBind] { [.int8(self.tenant), .double(self.within.seconds), .timestamp(self.since)] }

    /// What is left.
    package struct Pending: Sendable, Equatable {
        /// Being done.
        package let running: Int
        /// Due now, behind a shut gate or not.
        package let due: Int
        /// Due within the time asked for.
        package let soon: Int
        /// Died since the time asked for.
        package let died: Int
        /// Nothing runs and nothing is due within the time asked for.
        package var isIdle: Bool { self.running + self.due + self.soon == 0 }
    }

    /// Reads the counts.
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Pending {
        Pending(running: try row.decode(0), due: try row.decode(1), soon: try row.decode(2), died: try row.decode(3))
    }
}
