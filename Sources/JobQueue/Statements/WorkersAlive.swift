package import Postgres

/// The processes that take jobs, the newest sign of life first.
///
/// A table of a few rows.
package struct WorkersAlive: PostgresStatement {
    package static let sql = """
        SELECT id, host, pid, version, running, started_at, seen_at
        FROM jobs.worker
        WHERE seen_at > now() - interval '2 minutes'
        ORDER BY seen_at DESC, id
        """

    /// Asks for all.
    package init() {}

    /// Reads one.
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> WorkerSeen {
        WorkerSeen(
            id: try row.decode(0), host: try row.decode(1), pid: try row.decode(2), version: try row.decode(3), running: try row.decode(4),
            startedAt: try row.decode(5), seenAt: try row.decode(6))
    }
}
