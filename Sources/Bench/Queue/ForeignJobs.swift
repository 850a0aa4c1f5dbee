import Postgres

/// A kind of job that is none of the benchmark's, if the queue has any.
///
/// Carried by no index: it reads up to the first of them.
struct ForeignJobs: PostgresStatement {
    static let sql = """
        SELECT kind FROM (
            (SELECT kind FROM jobs.job WHERE kind NOT LIKE 'bench-%' LIMIT 1)
            UNION ALL (SELECT kind FROM jobs.history WHERE kind NOT LIKE 'bench-%' LIMIT 1)
            UNION ALL (SELECT kind FROM jobs.dead WHERE kind NOT LIKE 'bench-%' LIMIT 1)
        ) AS others
        LIMIT 1
        """

    static func decode(_ row: PostgresRow) throws(PostgresError) -> String { try row.decode(0) }
}
