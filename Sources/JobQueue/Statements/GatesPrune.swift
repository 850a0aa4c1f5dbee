import Postgres

/// Deletes a bite of gates that have been open for a day.
///
/// A table of a few rows a tenant.
struct GatesPrune: PostgresStatement {
    static let sql = """
        DELETE FROM jobs.gate
        WHERE (tenant_id, name) IN (
            SELECT tenant_id, name FROM jobs.gate WHERE shut_until < now() - interval '1 day' LIMIT $1 FOR UPDATE SKIP LOCKED
        )
        """

    let bite: Int

    var binds: [PostgresBind] { [.int(self.bite)] }
    typealias Row = PostgresNoRow
}
