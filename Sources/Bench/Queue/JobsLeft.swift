import Postgres

/// Whether any of the benchmark's jobs waits or runs; jobs behind a shut gate are those of tenants below zero.
///
/// Carried by `job_ready` and `job_running`; in the order of the first, or the planner reads a million parked jobs to find one of ours.
struct JobsLeft: PostgresStatement {
    static let sql = """
        SELECT (
            SELECT id FROM jobs.job WHERE state = 'ready' AND tenant_id >= 0 ORDER BY tenant_id, priority, kind, version, run_at, id LIMIT 1
        ) IS NOT NULL
            OR EXISTS (SELECT FROM jobs.job WHERE worker_id IS NOT NULL)
        """

    static func decode(_ row: PostgresRow) throws(PostgresError) -> Bool { try row.decode(0) }
}
