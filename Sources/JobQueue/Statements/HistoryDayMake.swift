import Postgres

/// Makes the history's partition of a day ahead; true when there was none.
///
/// Touches the catalogue only.
struct HistoryDayMake: PostgresStatement {
    static let sql = "SELECT jobs.make_history_day((now() AT TIME ZONE 'UTC')::date + $1::int)"

    let daysAhead: Int

    var binds: [PostgresBind] { [.int(self.daysAhead)] }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> Bool { try row.decode(0) }
}
