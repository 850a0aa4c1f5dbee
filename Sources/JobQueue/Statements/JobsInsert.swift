import FoundationEssentials
import Postgres

/// Enqueues jobs of one kind and one tenant.
///
/// Answers with the surviving numbers, in the order of the keys; those without a key last, in the order given.
///
/// Carried by `job_waiting_once`, its arbiter. Sorted by key, so that two batches can't lock each other out. A waiting job with the key is updated even when
/// nothing changes: the row lock keeps it from being claimed before this transaction's own changes are visible, so a job never misses what it was enqueued
/// for; and there is always a row to answer with. A job that waits for its back-off keeps its time.
struct JobsInsert: PostgresStatement {
    static let sql = """
        INSERT INTO jobs.job AS j (tenant_id, kind, version, priority, max_attempts, state, run_at, unique_key, payload, trace)
        SELECT $1, $2, $3, $4, $5, CASE WHEN due.run_at > now() THEN 'scheduled' ELSE 'ready' END, due.run_at, s.unique_key, s.payload, $10
        FROM unnest($6::jsonb[], $7::text[]) WITH ORDINALITY AS s(payload, unique_key, place)
        CROSS JOIN (SELECT coalesce($8::timestamptz, now() + coalesce($9::float8, 0) * interval '1 second') AS run_at) due
        ORDER BY s.unique_key COLLATE "C", s.place
        ON CONFLICT (tenant_id, kind, unique_key) WHERE state <> 'running' AND unique_key IS NOT NULL
        DO UPDATE SET payload = excluded.payload, version = excluded.version, trace = coalesce(excluded.trace, j.trace), priority = least(j.priority, excluded.priority),
            run_at = CASE WHEN j.attempt = 0 THEN least(j.run_at, excluded.run_at) ELSE j.run_at END,
            state = CASE WHEN j.state = 'scheduled' AND j.attempt = 0 AND excluded.state = 'ready' THEN 'ready' ELSE j.state END
        RETURNING j.id, j.unique_key
        """
    static let isBinary = true
    /// What keeps a waiting job unique by its key.
    static let arbiter = "job_waiting_once"

    let tenant: Int64
    let kind: String
    let version: Int
    let priority: Int
    let maxAttempts: Int
    let payloads: [String]
    let keys: [String?]
    let runAt: Date?
    let after: Duration?
    /// The step of a trace that it follows.
    var trace: String?

    var binds: [PostgresBind] {
        [
            .int8(self.tenant), .text(self.kind), .int(self.version), .int(self.priority), .int(self.maxAttempts), .jsonbs(self.payloads),
            .texts(self.keys), .timestamp(self.runAt), .double(self.after?.seconds), .text(self.trace),
        ]
    }

    /// The job that waits now.
    struct Row: Sendable {
        let id: JobID
        let key: String?
    }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> Row { Row(id: JobID(rawValue: try row.decode(0)), key: try row.decode(1)) }
}
