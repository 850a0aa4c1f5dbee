import FoundationEssentials
import Postgres

/// All jobs of the three tables, as the model would have them.
struct ModelRows: PostgresStatement {
    static let sql = """
        SELECT id, tenant_id, kind, unique_key, state, priority, (payload ->> 'n')::int, max_attempts, public.ms(run_at), public.ms(created_at),
            attempt, crashes, crash_lease, lease_no, alone, right(worker_id::text, 1)::int, public.ms(lease_until), public.ms(claimed_at),
            public.errors(errors), why, cancel_reason
        FROM (
            SELECT id, tenant_id, kind, unique_key, state, priority, payload, max_attempts, run_at, created_at, attempt, crashes, crash_lease,
                lease_no, alone, worker_id, lease_until, claimed_at, errors, note AS why, cancel_reason FROM jobs.job
            UNION ALL
            SELECT id, tenant_id, kind, unique_key, state, priority, payload, max_attempts, run_at, created_at, attempt, crashes, NULL,
                lease_no, false, worker_id, NULL, claimed_at, errors, reason, NULL FROM jobs.history
            UNION ALL
            SELECT id, tenant_id, kind, unique_key, 'dead', priority, payload, max_attempts, run_at, created_at, attempt, crashes, crash_lease,
                lease_no, false, worker_id, NULL, claimed_at, errors, reason, NULL FROM jobs.dead
        ) AS rows
        ORDER BY id
        """

    /// What it needs in the test's database.
    static let functions = """
        CREATE FUNCTION public.ms(at timestamptz) RETURNS bigint LANGUAGE sql STABLE
            RETURN round(extract(epoch FROM at - now()) * 1000)::bigint;
        CREATE FUNCTION public.errors(list jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE RETURN ARRAY(
            SELECT (e.value ->> 'attempt') || ':' || coalesce(e.value ->> 'error', '')
            FROM jsonb_array_elements(coalesce(list, '[]')) WITH ORDINALITY AS e(value, place) ORDER BY e.place
        );
        """

    static func decode(_ row: PostgresRow) throws(PostgresError) -> ModelJob {
        let state: String = try row.decode(4)
        // The tables' own checks know no other words.
        let place = ModelJob.Place(rawValue: state) ?? .dead
        var job = ModelJob(
            id: try row.decode(0), tenant: try row.decode(1), kind: try row.decode(2), key: try row.decode(3), place: place,
            priority: try row.decode(5), payload: try row.decode(6), maxAttempts: try row.decode(7), runAt: try row.decode(8))
        job.createdAt = try row.decode(9)
        job.attempt = try row.decode(10)
        job.crashes = try row.decode(11)
        job.crashLease = try row.decode(12)
        job.lease = try row.decode(13)
        job.isAlone = try row.decode(14)
        job.worker = try row.decode(15)
        job.leaseUntil = try row.decode(16)
        job.claimedAt = try row.decode(17)
        job.errors = try row.decode(18)
        job.why = try row.decode(19)
        job.cancelReason = try row.decode(20)
        return job
    }
}

/// Every byte of the three tables, and of the gates.
struct ModelBytes: PostgresStatement {
    static let sql = """
        SELECT md5(string_agg(line, chr(10) ORDER BY line)) FROM (
            SELECT job::text FROM jobs.job UNION ALL SELECT history::text FROM jobs.history UNION ALL SELECT dead::text FROM jobs.dead
            UNION ALL SELECT gate::text FROM jobs.gate
        ) AS lines(line)
        """
    static func decode(_ row: PostgresRow) throws(PostgresError) -> String? { try row.decode(0) }
}

/// When the transaction began: there, the clock stands still.
struct ModelClock: PostgresStatement {
    static let sql = "SELECT now()"
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Date { try row.decode(0) }
}
