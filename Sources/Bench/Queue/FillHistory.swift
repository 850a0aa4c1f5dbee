import Postgres

/// Puts ended jobs into the history.
///
/// Carried by no index.
struct FillHistory: PostgresStatement {
    typealias Row = PostgresNoRow

    static let sql = """
        INSERT INTO jobs.history (id, tenant_id, kind, version, priority, state, attempt, max_attempts, crashes, run_at, lease_no, created_at, ended_at, payload)
        SELECT nextval(pg_get_serial_sequence('jobs.job', 'id')), 0, 'bench-past', 1, 5, 'done', 1, 20, 0, now(), 1, now(), now(), '{"number":1}'
        FROM generate_series(1, $1)
        """

    let jobs: Int

    var binds: [PostgresBind] { [.int(self.jobs)] }
}
