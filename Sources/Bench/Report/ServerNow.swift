import FoundationEssentials
import Postgres

/// The database's clock.
struct ServerNow: PostgresStatement {
    static let sql = "SELECT clock_timestamp()"

    static func decode(_ row: PostgresRow) throws(PostgresError) -> Date { try row.decode(0) }
}
