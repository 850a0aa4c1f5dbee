import Postgres

/// What became of runs whose end was sent and never answered: the outcome is read, never assumed.
///
/// Carried by `job_pkey`, `dead_pkey` and the BRIN of `history_id` within the last hour.
struct JobsFate: PostgresStatement {
    static let sql = """
        SELECT m.id, CASE
            WHEN j.state = 'running' THEN 'held'
            WHEN j.crash_lease = m.lease_no THEN 'lost'
            WHEN j.id IS NOT NULL THEN 'ended'
            WHEN EXISTS (SELECT FROM jobs.dead d WHERE d.id = m.id AND d.lease_no = m.lease_no AND d.crash_lease IS NULL) THEN 'ended'
            WHEN EXISTS (
                SELECT FROM jobs.history h WHERE h.id = m.id AND h.lease_no = m.lease_no AND h.ended_at > now() - interval '1 hour'
            ) THEN 'ended'
            ELSE 'lost'
            END
        FROM unnest($1::bigint[], $2::bigint[]) AS m(id, lease_no)
        LEFT JOIN jobs.job j ON j.id = m.id AND j.lease_no = m.lease_no
        """

    let runs: [JobRun]

    var binds: [PostgresBind] { [.int8s(self.runs.map(\.id.rawValue)), .int8s(self.runs.map(\.lease))] }

    /// Where a run stands.
    struct Row: Sendable {
        let id: JobID
        /// `held`: the end did not take effect; `ended`: it did; `lost`: it is somebody else's.
        let fate: String
    }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> Row { Row(id: JobID(rawValue: try row.decode(0)), fate: try row.decode(1)) }
}
