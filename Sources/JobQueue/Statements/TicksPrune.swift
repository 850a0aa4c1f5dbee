import Postgres

/// Deletes a bite of old ticks, keeping the last of each schedule: that is its memory.
///
/// Carried by `tick_pkey`.
struct TicksPrune: PostgresStatement {
    static let sql = """
        DELETE FROM jobs.tick
        WHERE (schedule, tick) IN (
            SELECT t.schedule, t.tick FROM jobs.tick t
            WHERE t.tick < now() - $1 * interval '1 second'
                AND EXISTS (SELECT FROM jobs.tick n WHERE n.schedule = t.schedule AND n.tick > t.tick)
            ORDER BY t.schedule, t.tick
            LIMIT $2
            FOR UPDATE SKIP LOCKED
        )
        """

    let keep: Duration
    let bite: Int

    var binds: [PostgresBind] { [.double(self.keep.seconds), .int(self.bite)] }
    typealias Row = PostgresNoRow
}
