import FoundationEssentials
import Postgres

/// Renews all leases of a process at once, and says which it still holds and which were called off.
///
/// Carried by `job_pkey`; heap-only, as no index holds the lease. A row that somebody has locked (the end of this very job, or an operator) is still held
/// but not waited for: one locked row must not cost the other leases.
struct JobsHeartbeat: PostgresStatement {
    static let sql = """
        WITH seen AS (
            INSERT INTO jobs.worker AS w (id, host, pid, version, running) VALUES ($4, $5, $6, $7, $8)
            ON CONFLICT ON CONSTRAINT worker_pkey DO UPDATE SET seen_at = now(), running = excluded.running
        ),
        held AS MATERIALIZED (
            SELECT j.id, j.lease_no, j.cancel_reason IS NOT NULL AS is_cancelled
            FROM unnest($1::bigint[], $2::bigint[]) AS m(id, lease_no)
            JOIN jobs.job j ON j.id = m.id AND j.lease_no = m.lease_no AND j.state COLLATE "C" = 'running'
        ),
        free AS MATERIALIZED (
            SELECT j.id
            FROM held h
            JOIN jobs.job j ON j.id = h.id AND j.lease_no = h.lease_no AND j.state COLLATE "C" = 'running'
            FOR NO KEY UPDATE OF j SKIP LOCKED
        ),
        renewed AS (
            UPDATE jobs.job j SET lease_until = now() + $3 * interval '1 second' FROM free f WHERE j.id = f.id
        )
        SELECT id, lease_no, is_cancelled FROM held
        """

    let runs: [JobRun]
    let lease: Duration
    let worker: WorkerIdentity

    var binds: [PostgresBind] {
        [
            .int8s(self.runs.map(\.id.rawValue)), .int8s(self.runs.map(\.lease)), .double(self.lease.seconds), .uuid(self.worker.id),
            .text(self.worker.host), .int4(self.worker.pid), .text(self.worker.version), .int(self.runs.count),
        ]
    }

    /// A lease that is still held.
    struct Row: Sendable {
        let run: JobRun
        /// Somebody called it off.
        let isCancelled: Bool
    }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(run: JobRun(id: JobID(rawValue: try row.decode(0)), lease: try row.decode(1)), isCancelled: try row.decode(2))
    }
}
