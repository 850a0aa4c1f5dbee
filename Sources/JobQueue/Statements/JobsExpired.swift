import Postgres

/// Runs whose lease is over, locked against a late heartbeat: their process is gone, or can't reach the database.
///
/// Carried by `job_running`, which holds running jobs only: never a walk through the backlog. None at all until PostgreSQL has been up for one lease: after an outage every lease is over, and nobody is to blame.
struct JobsExpired: PostgresStatement {
    static let sql = """
        SELECT j.id, j.lease_no
        FROM jobs.job j
        WHERE j.worker_id IS NOT NULL AND j.state = 'running' AND j.lease_until < now() AND (SELECT pg_postmaster_start_time() < now() - $1::float8 * interval '1 second')
            AND j.id <> ALL ($3::bigint[])
        ORDER BY j.id
        LIMIT $2
        FOR UPDATE OF j SKIP LOCKED
        """

    let lease: Duration
    let limit: Int
    /// Those that are left for later.
    var except: [JobID] = []

    var binds: [PostgresBind] { [.double(self.lease.seconds), .int(self.limit), .int8s(self.except.map(\.rawValue))] }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> JobRun {
        JobRun(id: JobID(rawValue: try row.decode(0)), lease: try row.decode(1))
    }
}
