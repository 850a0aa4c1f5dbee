import Postgres

/// Takes back the crash marks of runs whose process turns out to live: it could not reach the database, that was all.
///
/// Carried by `job_pkey` and `dead_pkey`. Matches the very lease that was marked. A job that was buried for it rises again, unless a newer one with its key waits.
struct JobsAbsolve: PostgresStatement {
    static let sql = """
        WITH mine AS MATERIALIZED (
            SELECT id, lease_no FROM unnest($1::bigint[], $2::bigint[]) AS m(id, lease_no)
        ),
        cleared AS (
            UPDATE jobs.job j
            SET crashes = j.crashes - 1, crash_lease = NULL, state = CASE WHEN j.state = 'suspect' AND j.crashes = 1 THEN 'ready' ELSE j.state END
            FROM mine m
            WHERE j.id = m.id AND j.crash_lease = m.lease_no AND j.crashes > 0
        ),
        risen AS (
            DELETE FROM jobs.dead d
            USING mine m
            WHERE d.id = m.id AND d.crash_lease = m.lease_no AND NOT EXISTS (
                SELECT FROM jobs.job w
                WHERE w.tenant_id = d.tenant_id AND w.kind = d.kind AND w.unique_key = d.unique_key AND w.state <> 'running' AND w.unique_key IS NOT NULL
            )
            RETURNING d.*
        )
        INSERT INTO jobs.job (id, tenant_id, kind, version, priority, state, attempt, max_attempts, crashes, run_at, lease_no, created_at, unique_key,
            payload, errors, trace)
        SELECT id, tenant_id, kind, version, priority, 'suspect', greatest(attempt - 1, 0), max_attempts, greatest(crashes - 1, 0), run_at, lease_no, created_at,
            unique_key, payload, errors, trace
        FROM risen
        """

    let runs: [JobRun]

    var binds: [PostgresBind] { [.int8s(self.runs.map(\.id.rawValue)), .int8s(self.runs.map(\.lease))] }
    typealias Row = PostgresNoRow
}
