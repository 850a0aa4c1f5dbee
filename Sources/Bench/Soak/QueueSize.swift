import Postgres

/// Bytes of the hot table with all its indexes.
struct QueueSize: PostgresStatement {
    static let sql = "SELECT pg_total_relation_size('jobs.job')"

    static func decode(_ row: PostgresRow) throws(PostgresError) -> Int { try row.decode(0) }
}
