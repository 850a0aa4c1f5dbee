import Postgres

/// Notes that a suspect starts now, alone in its process: if the process dies, it was this job.
///
/// Carried by `job_pkey`. No row: it was lost meanwhile and must not start.
struct JobAlone: PostgresStatement {
    static let sql = """
        UPDATE jobs.job SET alone = true
        WHERE id = $1 AND lease_no = $2 AND state COLLATE "C" = 'running'
        """

    let id: JobID
    let lease: Int64

    var binds: [PostgresBind] { [.int8(self.id.rawValue), .int8(self.lease)] }
    typealias Row = PostgresNoRow
}
