import FoundationEssentials
import Postgres

/// The database's time.
struct DatabaseClock: PostgresStatement {
    static let sql = "SELECT clock_timestamp()"

    static func decode(_ row: PostgresRow) throws(PostgresError) -> Date { try row.decode(0) }
}
