import Postgres

/// Numbers for jobs that are about to be written in one stream; none when a job waits under one of their keys.
///
/// Carried by `job_waiting_once`, a look-up a key, in `jobs.is_awaited`.
struct JobsNumber: PostgresStatement {
    static let sql = "SELECT nextval('jobs.job_id_seq') FROM generate_series(1, $1) WHERE NOT jobs.is_awaited($2, $3, $4)"
    static let isBinary = true

    let count: Int
    let tenant: Int64
    let kind: String
    let keys: [String]

    var binds: [PostgresBind] { [.int(self.count), .int8(self.tenant), .text(self.kind), .texts(self.keys)] }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> JobID { JobID(rawValue: try row.decode(0)) }
}
