import FoundationEssentials
import Postgres

/// Runs that stand under this process' name without its knowing: the answer to a claim was lost.
///
/// Carried by `job_running`.
struct JobsForgotten: PostgresStatement {
    static let sql = """
        SELECT j.id, j.lease_no
        FROM jobs.job j
        WHERE j.state = 'running' AND j.worker_id = $1 AND j.id <> ALL ($2::bigint[])
        ORDER BY j.id
        """

    let worker: UUID
    let known: [JobID]

    var binds: [PostgresBind] { [.uuid(self.worker), .int8s(self.known.map(\.rawValue))] }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> JobRun {
        JobRun(id: JobID(rawValue: try row.decode(0)), lease: try row.decode(1))
    }
}
