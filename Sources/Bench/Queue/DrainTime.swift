import FoundationEssentials
import Postgres

/// From the first claim to the end of the last of so many jobs, by the database's clock.
///
/// Carried by `history_ended_at`.
struct DrainTime: PostgresStatement {
    /// The answer.
    struct Row: Sendable {
        /// How many had ended by then.
        let ended: Int
        let seconds: Double
    }

    static let sql = """
        SELECT count(*), coalesce(extract(epoch FROM max(ended_at) - min(claimed_at)), 0)::float8
        FROM (SELECT ended_at, claimed_at FROM jobs.history WHERE kind = 'bench-no-op' AND ended_at > $1 ORDER BY ended_at LIMIT $2) AS first
        """

    let since: Date
    let jobs: Int

    var binds: [PostgresBind] { [.timestamp(self.since), .int(self.jobs)] }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> Row { Row(ended: try row.decode(0), seconds: try row.decode(1)) }
}
