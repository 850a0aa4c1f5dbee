import Postgres

/// Tells the transaction which step of a trace it is: what its triggers and functions enqueue follows that step.
///
/// Carried by nothing: a setting that ends with the transaction.
struct TraceSet: PostgresStatement {
    static let sql = "SELECT FROM set_config('kakehashi.trace', $1, true)"
    /// As in `jobs.job.trace`.
    let trace: String
    var binds: [PostgresBind] { [.text(self.trace)] }
    static func decode(_ row: PostgresRow) throws(PostgresError) {}
}
