import Postgres

/// Whether any of the benchmark's jobs waits or runs; jobs behind a shut gate are those of tenants below zero.
///
/// Carried by `job_ready` and `job_running`.
struct JobsLeft: PostgresStatement {
    static let sql = """
        SELECT EXISTS (SELECT FROM jobs.job WHERE state = 'ready' AND tenant_id >= 0)
            OR EXISTS (SELECT FROM jobs.job WHERE worker_id IS NOT NULL)
        """

    static func decode(_ row: PostgresRow) throws(PostgresError) -> Bool { try row.decode(0) }
}
