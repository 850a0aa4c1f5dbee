import Postgres

/// Transactions of this database so far, those that only read among them: of a process that has nothing to do each statement is one.
struct TransactionCount: PostgresStatement {
    static let sql = "SELECT xact_commit + xact_rollback FROM pg_catalog.pg_stat_database WHERE datname = current_database()"

    static func decode(_ row: PostgresRow) throws(PostgresError) -> Int { try row.decode(0) }
}
