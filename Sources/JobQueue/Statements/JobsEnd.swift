import FoundationEssentials
import Postgres

/// Ends any number of runs, each in its own way, all in one statement: done and cancelled go to the history, the hopeless to the dead,
/// the rest back to waiting.
///
/// Carried by `job_pkey`; `job_waiting_once` for those that go back. Each is fenced by (id, lease number): a row that is missing from the answer
/// was not ours any more, and nothing was written for it.
///
/// - Superseded: when a newer job with the key waits already, the one that comes back merges into it and is struck off. The newer one takes over attempts,
///   errors and the wait; if there is none, it is due as early as the one that comes back was. 23505 when the newer one arrived in this very moment: run it again.
/// - Called off: a job that should go back but was cancelled meanwhile ends as cancelled.
struct JobsEnd: PostgresStatement {
    static let sql = """
        WITH said AS MATERIALIZED (  -- put off into the past: a moment, or it would come back for ever
            SELECT id, lease_no, fate, reason, CASE WHEN fate = 'postpone' AND num_nonnulls(wake, delay) > 0
                THEN greatest(coalesce(extract(epoch FROM wake - now())::float8, delay), 0.05)
                ELSE coalesce(extract(epoch FROM wake - now())::float8, delay, 0) END AS delay
            FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::float8[], $6::timestamptz[]) AS s(id, lease_no, fate, reason, delay, wake)
        ),
        held AS MATERIALIZED (  -- first our own, by number, as the fence does
            SELECT j.id, j.tenant_id, j.kind, j.unique_key, CASE
                WHEN j.cancel_reason IS NOT NULL THEN 'cancelled'
                WHEN s.fate = 'retry' AND j.attempt >= j.max_attempts THEN 'dead'
                WHEN s.fate = 'crash' AND j.alone AND j.crashes >= 1 THEN 'dead'
                END AS ended
            FROM said s
            JOIN jobs.job j ON j.id = s.id AND j.lease_no = s.lease_no AND j.state COLLATE "C" = 'running'
            WHERE s.fate IN ('retry', 'postpone', 'return', 'crash')
            ORDER BY j.id
            FOR UPDATE OF j
        ),
        back AS MATERIALIZED (  -- then their rivals, by key, as an enqueue does
            SELECT h.id, w.id AS rival, CASE WHEN h.ended IS NULL AND w.id IS NOT NULL THEN 'superseded' ELSE h.ended END AS ended
            FROM (SELECT * FROM held ORDER BY tenant_id, kind, unique_key COLLATE "C") h
            LEFT JOIN LATERAL (
                SELECT w.id FROM jobs.job w
                WHERE w.tenant_id = h.tenant_id AND w.kind = h.kind AND w.unique_key = h.unique_key AND w.state <> 'running' AND w.unique_key IS NOT NULL
                FOR UPDATE
            ) w ON true
        ),
        gone AS (
            DELETE FROM jobs.job j
            USING said s LEFT JOIN back b ON b.id = s.id
            WHERE j.id = s.id AND j.lease_no = s.lease_no AND j.state COLLATE "C" = 'running' AND (s.fate IN ('done', 'cancel', 'bury') OR b.ended IS NOT NULL)
            RETURNING j.*, s.fate, s.reason, s.delay, b.rival,
                CASE s.fate WHEN 'done' THEN 'done' WHEN 'cancel' THEN 'cancelled' WHEN 'bury' THEN 'dead' ELSE b.ended END AS ended
        ),
        archived AS (
            INSERT INTO jobs.history (id, tenant_id, kind, version, priority, state, attempt, max_attempts, crashes, run_at, lease_no, worker_id,
                created_at, claimed_at, unique_key, payload, errors, reason, trace)
            SELECT id, tenant_id, kind, version, priority, CASE ended WHEN 'done' THEN 'done' ELSE 'cancelled' END, attempt, max_attempts, crashes, run_at,
                lease_no, worker_id, created_at, claimed_at, unique_key, payload,
                CASE WHEN fate IN ('retry', 'crash') THEN jobs.with_error(errors, now(), attempt, reason) ELSE errors END,
                CASE ended WHEN 'superseded' THEN 'superseded by ' || rival WHEN 'cancelled' THEN coalesce(cancel_reason, reason) ELSE reason END, trace
            FROM gone WHERE ended <> 'dead'
        ),
        buried AS (
            INSERT INTO jobs.dead (id, tenant_id, kind, version, priority, attempt, max_attempts, crashes, run_at, lease_no, crash_lease, worker_id,
                created_at, claimed_at, unique_key, payload, errors, reason, trace)
            SELECT id, tenant_id, kind, version, priority, attempt, max_attempts, CASE fate WHEN 'crash' THEN crashes + 1 ELSE crashes END, run_at, lease_no,
                CASE fate WHEN 'crash' THEN lease_no END, worker_id,
                created_at, claimed_at, unique_key, payload, jobs.with_error(errors, now(), attempt, reason),
                CASE fate WHEN 'retry' THEN format('%s of %s attempts are spent: %s', attempt, max_attempts, coalesce(reason, 'no reason given'))
                    WHEN 'crash' THEN format('its worker died with it %s times, the last time while it ran alone', crashes + 1)
                    ELSE coalesce(reason, 'no reason given') END, trace
            FROM gone WHERE ended = 'dead'
        ),
        inherited AS (
            UPDATE jobs.job w
            SET attempt = greatest(w.attempt, CASE g.fate WHEN 'retry' THEN g.attempt ELSE g.attempt - 1 END),
                crashes = greatest(w.crashes, CASE g.fate WHEN 'crash' THEN g.crashes + 1 WHEN 'return' THEN g.crashes ELSE 0 END),
                crash_lease = NULL,
                priority = least(w.priority, g.priority),
                run_at = CASE WHEN g.fate IN ('retry', 'postpone') AND g.delay > 0 THEN greatest(w.run_at, now() + g.delay * interval '1 second')
                    ELSE least(w.run_at, g.run_at) END,
                state = CASE WHEN g.fate = 'crash' OR g.fate = 'return' AND g.crashes > 0 OR w.state = 'suspect' THEN 'suspect'
                    WHEN g.fate IN ('retry', 'postpone') AND g.delay > 0 THEN 'scheduled'
                    WHEN least(w.run_at, g.run_at) <= now() THEN 'ready' ELSE w.state END,
                errors = CASE WHEN g.fate IN ('retry', 'crash') THEN jobs.with_error(g.errors, now(), g.attempt, g.reason) ELSE coalesce(g.errors, w.errors) END,
                note = coalesce(g.reason, w.note)
            FROM gone g
            WHERE w.id = g.rival AND g.ended = 'superseded'
        ),
        returned AS (
            UPDATE jobs.job j
            SET attempt = CASE s.fate WHEN 'retry' THEN j.attempt ELSE j.attempt - 1 END,
                crashes = CASE WHEN s.fate = 'crash' THEN j.crashes + 1 WHEN s.fate = 'return' THEN j.crashes ELSE 0 END,
                crash_lease = CASE s.fate WHEN 'crash' THEN j.lease_no WHEN 'return' THEN j.crash_lease END,
                state = CASE WHEN s.fate = 'crash' OR (j.crashes > 0 AND s.fate = 'return') THEN 'suspect'
                    WHEN s.fate <> 'return' AND s.delay > 0 THEN 'scheduled' ELSE 'ready' END,
                run_at = CASE WHEN s.fate IN ('retry', 'postpone') AND s.delay > 0 THEN now() + s.delay * interval '1 second' ELSE j.run_at END,
                errors = CASE WHEN s.fate IN ('retry', 'crash') THEN jobs.with_error(j.errors, now(), j.attempt, s.reason) ELSE j.errors END,
                note = coalesce(s.reason, j.note), worker_id = NULL, lease_until = NULL, alone = false
            FROM said s JOIN back b ON b.id = s.id AND b.ended IS NULL
            WHERE j.id = s.id AND j.lease_no = s.lease_no AND j.state COLLATE "C" = 'running'
            RETURNING j.id, s.fate
        )
        SELECT id, ended FROM gone UNION ALL SELECT id, fate FROM returned
        """

    let ends: [JobEnd]

    var binds: [PostgresBind] {
        [
            .int8s(self.ends.map(\.id.rawValue)), .int8s(self.ends.map(\.lease)), .texts(self.ends.map(\.fate.rawValue)),
            .texts(self.ends.map(\.reason)),
            .doubles(self.ends.map { $0.delay?.seconds }), .timestamps(self.ends.map(\.wake)),
        ]
    }

    /// What became of one.
    struct Row: Sendable {
        let id: JobID
        /// `done`, `cancelled`, `superseded`, `dead`, or the fate asked for when it waits again.
        let end: String
    }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(id: JobID(rawValue: try row.decode(0)), end: try row.decode(1))
    }
}
