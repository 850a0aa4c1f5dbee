import FoundationEssentials
import Postgres

/// The last tick of a schedule; writes down where its memory begins when there is none.
///
/// Carried by `tick_pkey`.
struct TickLast: PostgresStatement {
    static let sql = """
        WITH last AS MATERIALIZED (
            SELECT tick FROM jobs.tick WHERE schedule = $1 ORDER BY tick DESC LIMIT 1
        ),
        begun AS (
            INSERT INTO jobs.tick (schedule, tick, ran)
            SELECT $1, now(), false WHERE NOT EXISTS (SELECT FROM last)
            ON CONFLICT DO NOTHING
        )
        SELECT coalesce((SELECT tick FROM last), now()), now()
        """

    let schedule: String

    var binds: [PostgresBind] { [.text(self.schedule)] }

    /// The last tick, and the database's time.
    struct Row: Sendable {
        let last: Date
        let now: Date
    }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> Row { Row(last: try row.decode(0), now: try row.decode(1)) }
}
