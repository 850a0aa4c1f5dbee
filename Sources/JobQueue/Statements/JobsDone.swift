import Postgres

/// Ends any number of runs well, all in one statement, and no other way: what `JobsEnd` does for `done`, without the looks that the other ends need.
///
/// Carried by `job_pkey`. Each is fenced by (id, lease number): a row that is missing from the answer was not ours any more, and nothing was written for it.
struct JobsDone: PostgresStatement {
    static let sql = """
        WITH gone AS (
            DELETE FROM jobs.job j
            USING unnest($1::bigint[], $2::bigint[]) AS s(id, lease_no)
            WHERE j.id = s.id AND j.lease_no = s.lease_no AND j.state COLLATE "C" = 'running'
            RETURNING j.*
        )
        INSERT INTO jobs.history (id, tenant_id, kind, version, priority, state, attempt, max_attempts, crashes, run_at, lease_no, worker_id, created_at,
            claimed_at, unique_key, payload, errors, trace)
        SELECT id, tenant_id, kind, version, priority, 'done', attempt, max_attempts, crashes, run_at, lease_no, worker_id, created_at,
            claimed_at, unique_key, payload, errors, trace
        FROM gone
        RETURNING id
        """
    static let isBinary = true

    let runs: [JobRun]

    var binds: [PostgresBind] { [.int8s(self.runs.map(\.id.rawValue)), .int8s(self.runs.map(\.lease))] }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> JobID { JobID(rawValue: try row.decode(0)) }
}
