import Postgres

/// What the server has written and committed so far, and who it is.
///
/// Touches no table.
struct ServerCounters: PostgresStatement {
    /// The counts since the server was set up.
    struct Row: Sendable {
        /// Bytes of WAL.
        let wal: Int
        /// Transactions that wrote something.
        let commits: Int
        /// The process that serves this connection.
        let backend: Int
    }

    static let sql = """
        SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint, pg_snapshot_xmax(pg_current_snapshot())::text::bigint, pg_backend_pid()
        """

    static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(wal: try row.decode(0), commits: try row.decode(1), backend: try row.decode(2))
    }
}
