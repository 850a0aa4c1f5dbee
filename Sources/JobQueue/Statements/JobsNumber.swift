import Postgres

/// Numbers for jobs that are about to be written in one stream; none when a job waits under one of their keys.
///
/// Carried by `job_waiting_once`, a look-up a key; a queue of a few pages is read instead. It is planned each time by the size that the queue has then: a plan
/// from the time when it was empty would read a million jobs for each key.
struct JobsNumber: PostgresStatement {
    static let sql = """
        SELECT nextval('jobs.job_id_seq') FROM generate_series(1, $1)
        WHERE NOT EXISTS (
            SELECT FROM unnest($4::text[]) AS wanted(unique_key)
            JOIN jobs.job j ON j.tenant_id = $2 AND j.kind = $3 AND j.unique_key = wanted.unique_key AND j.state <> 'running' AND j.unique_key IS NOT NULL
        )
        """
    static let isBinary = true
    static let isPrepared = false

    let count: Int
    let tenant: Int64
    let kind: String
    let keys: [String]

    var binds: [PostgresBind] { [.int(self.count), .int8(self.tenant), .text(self.kind), .texts(self.keys)] }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> JobID { JobID(rawValue: try row.decode(0)) }
}
