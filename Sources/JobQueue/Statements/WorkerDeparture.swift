import FoundationEssentials
import Postgres

/// Strikes a process off the list.
///
/// Carried by `worker_pkey`.
struct WorkerDeparture: PostgresStatement {
    static let sql = "DELETE FROM jobs.worker WHERE id = $1"

    let worker: UUID

    var binds: [PostgresBind] { [.uuid(self.worker)] }
    typealias Row = PostgresNoRow
}
