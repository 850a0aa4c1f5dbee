import Postgres

/// Makes scheduled jobs ready whose time has come, a bite at a time: the most overdue, and a few of each of the next 64 tenants.
///
/// Carried by `job_scheduled` and `job_scheduled_tenant`. The second part is why a tenant with a million jobs due at once does not hold up the ten of another.
struct JobsPromote: PostgresStatement {
    static let sql = """
        WITH RECURSIVE overdue AS MATERIALIZED (
            SELECT id FROM jobs.job
            WHERE state = 'scheduled' AND run_at <= now()
            ORDER BY run_at, id
            LIMIT $1
            FOR UPDATE SKIP LOCKED
        ),
        turn (n, tenant_id) AS (
            SELECT 0, $2::bigint WHERE EXISTS (SELECT FROM overdue)
            UNION ALL
            SELECT t.n + 1, (
                SELECT j.tenant_id FROM jobs.job j
                WHERE j.state = 'scheduled' AND j.tenant_id > t.tenant_id
                ORDER BY j.tenant_id, j.run_at, j.id
                LIMIT 1
            )
            FROM turn t
            WHERE t.n < 64 AND t.tenant_id IS NOT NULL
        ),
        fair AS MATERIALIZED (
            SELECT due.id
            FROM turn t
            CROSS JOIN LATERAL (
                SELECT j.id FROM jobs.job j
                WHERE j.state = 'scheduled' AND j.tenant_id = t.tenant_id AND j.run_at <= now()
                ORDER BY j.run_at, j.id
                LIMIT 20
                FOR UPDATE SKIP LOCKED
            ) due
            WHERE t.n > 0 AND t.tenant_id IS NOT NULL
        ),
        promoted AS (
            UPDATE jobs.job j SET state = 'ready'
            FROM (SELECT id FROM overdue UNION SELECT id FROM fair) due
            WHERE j.id = due.id
            RETURNING j.id
        )
        SELECT (SELECT count(*) FROM promoted), coalesce((SELECT tenant_id FROM turn WHERE n = 64), -1)
        """

    let bite: Int
    /// The tenant the last one stopped at.
    let after: Int64

    var binds: [PostgresBind] { [.int(self.bite), .int8(self.after)] }

    /// How many there were, and where to go on.
    struct Row: Sendable {
        let promoted: Int
        let after: Int64
    }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> Row { Row(promoted: try row.decode(0), after: try row.decode(1)) }
}
