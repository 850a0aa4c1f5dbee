package import Postgres

/// Counts what ended in the minutes that are over, for everybody who looks; how many rows that made.
///
/// Carried by `history_ended_at`. Of several processes one counts; while 50,000 jobs an hour or fewer end, none does.
package struct MinutesCount: PostgresStatement {
    /// The constant text.
    package static let sql = "SELECT jobs.count_minutes()"

    /// For one count.
    package init() {}

    /// The values: none.
    package var binds: [PostgresBind] { [] }

    /// Reads how many rows it made.
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> Int64 { try row.decode(0) }
}
