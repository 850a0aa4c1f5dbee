import Postgres

/// Drops the oldest partition of the history that is out of keeping, and names it; `nil` when there is none.
///
/// Touches the catalogue only.
struct HistoryDrop: PostgresStatement {
    static let sql = "SELECT jobs.drop_history_before(now() - $1 * interval '1 second')"

    let keep: Duration

    var binds: [PostgresBind] { [.double(self.keep.seconds)] }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> String? { try row.decode(0) }
}
