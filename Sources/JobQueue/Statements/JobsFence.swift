import Postgres

/// Which of these runs are still ours; they stay ours until the transaction ends.
///
/// Carried by `job_pkey`; locked in the order of their numbers. The COLLATE, here and wherever runs are looked for by their numbers, keeps the planner from
/// `job_running_once`: without statistics it takes that for empty, and would read all that runs for each number.
struct JobsFence: PostgresStatement {
    static let sql = """
        SELECT j.id
        FROM unnest($1::bigint[], $2::bigint[]) AS m(id, lease_no)
        JOIN jobs.job j ON j.id = m.id AND j.lease_no = m.lease_no AND j.state COLLATE "C" = 'running'
        ORDER BY j.id
        FOR UPDATE OF j
        """

    let runs: [JobRun]

    var binds: [PostgresBind] { [.int8s(self.runs.map(\.id.rawValue)), .int8s(self.runs.map(\.lease))] }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> JobID { JobID(rawValue: try row.decode(0)) }
}
