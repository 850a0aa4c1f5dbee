import Postgres

/// Deletes a bite of what lies in the default partition and is out of keeping: there is something only if upkeep was away for days.
///
/// Carried by the BRIN of `history_ended_at`.
struct HistoryPrune: PostgresStatement {
    static let sql = """
        DELETE FROM jobs.history_default
        WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM jobs.history_default WHERE ended_at < now() - $1 * interval '1 second' LIMIT $2 FOR UPDATE SKIP LOCKED
        ))
        """

    let keep: Duration
    let bite: Int

    var binds: [PostgresBind] { [.double(self.keep.seconds), .int(self.bite)] }
    typealias Row = PostgresNoRow
}
