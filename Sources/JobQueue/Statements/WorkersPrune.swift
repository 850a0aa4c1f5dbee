import Postgres

/// Strikes off processes that have not been seen for long.
///
/// A table of a few rows.
struct WorkersPrune: PostgresStatement {
    static let sql = "DELETE FROM jobs.worker WHERE seen_at < now() - $1 * interval '1 second'"

    let unseen: Duration

    var binds: [PostgresBind] { [.double(self.unseen.seconds)] }
    typealias Row = PostgresNoRow
}
