import Postgres

/// Rows for the reference to take.
///
/// Carried by no index.
struct FillBare: PostgresStatement {
    typealias Row = PostgresNoRow

    static let sql = """
        INSERT INTO bench.job (kind, payload) SELECT 'bench-no-op', jsonb_build_object('number', n) FROM generate_series(1, $1) AS n
        """

    let rows: Int

    var binds: [PostgresBind] { [.int(self.rows)] }
}
