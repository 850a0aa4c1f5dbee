import Postgres

/// How many jobs have come into the history so far: the server's own count, a second late, which costs nothing to ask.
struct EndedRoughly: PostgresStatement {
    static let sql = """
        SELECT coalesce(sum(pg_stat_get_tuples_inserted(inhrelid)), 0)::bigint FROM pg_catalog.pg_inherits WHERE inhparent = 'jobs.history'::regclass
        """

    static func decode(_ row: PostgresRow) throws(PostgresError) -> Int { try row.decode(0) }
}
