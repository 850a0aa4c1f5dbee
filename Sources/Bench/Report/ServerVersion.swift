import Postgres

/// The version of the PostgreSQL server, such as `15.14`.
struct ServerVersion: PostgresStatement {
    static let sql = "SELECT split_part(current_setting('server_version'), ' ', 1)"

    static func decode(_ row: PostgresRow) throws(PostgresError) -> String { try row.decode(0) }
}
