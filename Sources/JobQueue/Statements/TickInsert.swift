import FoundationEssentials
import Postgres

/// Rings a tick: one row if nobody rang it before, none otherwise.
///
/// Carried by `tick_pkey`; a rival's uncommitted tick is waited for.
struct TickInsert: PostgresStatement {
    static let sql = """
        INSERT INTO jobs.tick (schedule, tick) VALUES ($1, $2)
        ON CONFLICT ON CONSTRAINT tick_pkey DO NOTHING
        """

    let schedule: String
    let tick: Date

    var binds: [PostgresBind] { [.text(self.schedule), .timestamp(self.tick)] }
    typealias Row = PostgresNoRow
}
