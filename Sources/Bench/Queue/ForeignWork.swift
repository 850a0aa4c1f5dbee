import Postgres

/// What a database holds that is none of the benchmark's, in a few words, if it holds any: a tenant of the sync, or a kind of job.
///
/// Carried by no index: it reads up to the first of them.
struct ForeignWork: PostgresStatement {
    static let sql = """
        SELECT what FROM (
            (SELECT 'the tenant ' || name AS what FROM sync.tenants LIMIT 1)
            UNION ALL (SELECT 'jobs of kind ' || kind FROM jobs.job WHERE kind NOT LIKE 'bench-%' LIMIT 1)
            UNION ALL (SELECT 'jobs of kind ' || kind FROM jobs.history WHERE kind NOT LIKE 'bench-%' LIMIT 1)
            UNION ALL (SELECT 'jobs of kind ' || kind FROM jobs.dead WHERE kind NOT LIKE 'bench-%' LIMIT 1)
        ) AS others
        LIMIT 1
        """

    static func decode(_ row: PostgresRow) throws(PostgresError) -> String { try row.decode(0) }
}
