import Postgres

/// Puts jobs in, beside the way that is measured: so many, spread evenly over so many tenants.
///
/// Carried by no index.
struct FillJobs: PostgresStatement {
    typealias Row = PostgresNoRow

    static let sql = """
        INSERT INTO jobs.job (tenant_id, kind, max_attempts, unique_key, payload)
        SELECT $2 + n % $3, 'bench-no-op', 20, CASE WHEN $4 THEN 'job-' || n END, jsonb_build_object('number', n)
        FROM generate_series(1, $1) AS n
        """

    let jobs: Int
    /// The first of them.
    var tenant: Int64 = 0
    var tenants = 1
    let keyed: Bool

    var binds: [PostgresBind] { [.int(self.jobs), .int8(self.tenant), .int(self.tenants), .bool(self.keyed)] }
}
