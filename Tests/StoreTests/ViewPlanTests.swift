import Postgres
import TestKit
import Testing

/// What the views of `ops` read does not grow with the queue or with its history: the server's own count of the rows it touched, not the time it took.
@Suite(.timeLimit(.minutes(10))) struct ViewPlanTests {
    /// Rows of the queue, the dead and the history that a query touches, found or thrown away.
    private static func touched(_ store: StoreDatabase, _ query: String) async throws -> Int {
        try await store.number("SELECT public.touched($query$\(query)$query$)")
    }

    private static let touchedFunction = """
        CREATE FUNCTION public.touched(query text) RETURNS bigint LANGUAGE plpgsql AS $$
        DECLARE
            plan json;
        BEGIN
            -- A history of a test is small enough to be read whole; what counts is that an index can carry it.
            PERFORM set_config('enable_seqscan', CASE WHEN query LIKE '%throughput' THEN 'off' ELSE 'on' END, true);
            EXECUTE 'EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF) ' || query INTO plan;
            RETURN (
                SELECT coalesce(sum((
                    (node ->> 'Actual Rows')::numeric + coalesce((node ->> 'Rows Removed by Filter')::numeric, 0)
                    + coalesce((node ->> 'Rows Removed by Index Recheck')::numeric, 0)) * (node ->> 'Actual Loops')::numeric), 0)::bigint
                FROM jsonb_path_query(plan::jsonb, 'strict $.** ? (@."Relation Name" like_regex "^(job|dead|history.*)$")') AS node
            );
        END
        $$;
        """

    @Test func `a million waiting, a million in the history and 100 tenants: each view touches a few thousand rows at most`() async throws {
        try await withStore { store in
            try await store.database.fill(
                """
                \(Self.touchedFunction)
                SET synchronous_commit = off;
                INSERT INTO jobs.tenant (name) SELECT 'tenant-' || n FROM generate_series(1, 98) AS n;
                INSERT INTO sync.subscriptions (vendor, account) SELECT 'marketo', 'account-' || id FROM jobs.tenant WHERE name <> '';
                INSERT INTO sync.tenants (id, name, subscription_id, endpoint, client_id, secret, secret_key_id, settings, started_at)
                SELECT tenant.id, tenant.name, subscriptions.id, 'https://x.mktorest.com', 'c', '', '', '{}', now()
                FROM jobs.tenant JOIN sync.subscriptions ON subscriptions.account = 'account-' || tenant.id;
                INSERT INTO jobs.kind (kind, gate) VALUES ('refresh-lead', 'marketo'), ('push-phase', 'marketo');
                INSERT INTO jobs.job (tenant_id, kind, unique_key, payload, state, run_at)
                SELECT \(store.acme) + n % 100, CASE n / 100 % 2 WHEN 0 THEN 'refresh-lead' ELSE 'push-phase' END, 'lead:' || n, '{}',
                    CASE WHEN n % 10 = 0 THEN 'scheduled' ELSE 'ready' END, now() + CASE WHEN n % 10 = 0 THEN 1 ELSE -1 END * interval '1 second'
                    * (n % 3000 + 300)
                FROM generate_series(1, 1000000) AS n;
                INSERT INTO jobs.history (id, tenant_id, kind, version, priority, state, attempt, max_attempts, crashes, run_at, lease_no, created_at, claimed_at,
                    ended_at, payload)
                SELECT 10000000 + n, n % 100, 'refresh-lead', 1, 5, 'done', 0, 20, 0, now(), 1, now(), past.at, past.at, '{}'
                FROM generate_series(1, 1000000) AS n, LATERAL (SELECT now() - (1000000 - n) * interval '3 seconds' AS at) AS past;
                ANALYZE;
                SELECT brin_summarize_new_values(pg_class.oid) FROM pg_class JOIN pg_am ON pg_am.oid = pg_class.relam
                WHERE pg_am.amname = 'brin' AND pg_class.relkind = 'i' AND pg_class.relnamespace = 'jobs'::regnamespace;
                """)
            // What a scheduler does four times a minute.
            let counted = try await store.text("SELECT jobs.count_depth()")
            #expect(counted == "true")
            let ready = try await store.number("SELECT sum(ready) FROM ops.queue_depth")
            #expect(ready == 900_000)
            for (view, most) in [
                ("SELECT * FROM ops.queue_depth", 0), ("SELECT * FROM ops.sync_progress", 1_000), ("SELECT * FROM ops.stuck_jobs", 8_000),
                ("SELECT * FROM ops.throughput", 6_000), ("SELECT * FROM ops.jobs ORDER BY id LIMIT 50", 200),
                ("SELECT * FROM ops.jobs WHERE id = (SELECT min(id) FROM jobs.job WHERE id > 0)", 10), ("SELECT * FROM ops.quota", 0),
                ("SELECT * FROM ops.workers", 0), ("SELECT * FROM ops.pushes", 0), ("SELECT * FROM ops.notes", 0),
                ("SELECT * FROM ops.quarantine", 0),
                ("SELECT * FROM ops.horizon", 0), ("SELECT * FROM ops.storage", 0), ("SELECT * FROM ops.call_lanes", 0),
                ("SELECT * FROM ops.feed_gaps", 0),
            ] {
                let touched = try await Self.touched(store, view)
                #expect(touched <= most, "\(view)")
            }
            // A person sees the ten oldest of each line, and they name what holds it.
            #expect(try await store.number("SELECT count(*) FROM ops.stuck_jobs WHERE reason = 'waiting_long'") == 1_800)
            #expect(try await store.text("SELECT string_agg(DISTINCT suggestion, '') FROM ops.stuck_jobs") == "worker # start one")
        }
    }

    @Test func `a queue that is no longer deep is counted as one looks, and so is a deep one that no scheduler counts`() async throws {
        try await withStore { store in
            try await store.run("INSERT INTO jobs.job (kind, payload) SELECT 'x', '{}' FROM generate_series(1, 100001)")
            #expect(try await store.text("SELECT ready || ' ' || (counted_at IS NULL) FROM ops.queue_depth") == "100001 true")
            #expect(try await store.text("SELECT jobs.count_depth()") == "true")
            // Within ten seconds nobody counts again.
            #expect(try await store.text("SELECT jobs.count_depth()") == "false")
            try await store.run("INSERT INTO jobs.job (kind, payload) VALUES ('x', '{}')")
            #expect(try await store.text("SELECT ready || ' ' || (counted_at IS NULL) FROM ops.queue_depth") == "100001 false")
            try await store.run("UPDATE jobs.counted_depth SET counted_at = now() - interval '3 minutes'")
            #expect(try await store.text("SELECT ready || ' ' || (counted_at IS NULL) FROM ops.queue_depth") == "100002 true")
            try await store.run("UPDATE jobs.counted_depth SET counted_at = now(); DELETE FROM jobs.job WHERE id % 2 = 0")
            #expect(try await store.text("SELECT (ready < 60000) || ' ' || (counted_at IS NULL) FROM ops.queue_depth") == "true true")
            #expect(try await store.text("SELECT jobs.count_depth()") == "false")
            #expect(try await store.number("SELECT count(*) FROM jobs.counted_depth") == 0)
        }
    }

    @Test func `what ended is counted a minute at a time where much does, and reads the same before and after`() async throws {
        try await withStore { store in
            func history(_ rows: Int) -> String {
                """
                INSERT INTO jobs.history (id, tenant_id, kind, version, priority, state, attempt, max_attempts, crashes, run_at, lease_no, created_at, claimed_at,
                    ended_at, payload)
                SELECT n, \(store.acme) + n % 2, CASE n % 3 WHEN 0 THEN 'a' ELSE 'b' END, 1, 5, CASE n % 50 WHEN 0 THEN 'cancelled' ELSE 'done' END, 0, 20, 0, now(),
                    1, now(), CASE WHEN n % 7 > 0 THEN past.at - n % 1000 * interval '1 millisecond' END, past.at, '{}'
                FROM generate_series(1, \(rows)) AS n, LATERAL (SELECT now() - n * interval '3500 seconds' / \(rows) AS at) AS past;
                """
            }
            try await store.run(history(50_000))
            #expect(try await store.text("SELECT jobs.count_minutes()") == "0")
            try await store.run(
                """
                \(history(10_000))
                INSERT INTO jobs.dead (id, tenant_id, kind, version, priority, attempt, max_attempts, crashes, run_at, lease_no, created_at, claimed_at, ended_at, payload,
                    reason)
                SELECT 900000 + n, \(store.acme), 'a', 1, 5, 3, 3, 0, now(), 1, now(), now() - n * interval '61 seconds', now() - n * interval '60 seconds', '{}', 'x'
                FROM generate_series(0, 50) AS n;
                CREATE TABLE public.before AS SELECT * FROM ops.throughput;
                """)
            #expect(try await store.number("SELECT jobs.count_minutes()") > 150)
            #expect(try await store.number("SELECT jobs.count_minutes()") < 10, "a minute is counted once")
            // The oldest minute is leaving the hour as this runs, and the newest is not over.
            for (these, those) in [("ops.throughput", "public.before"), ("public.before", "ops.throughput")] {
                let differing = try await store.number(
                    "SELECT count(*) FROM (SELECT * FROM \(these) EXCEPT SELECT * FROM \(those)) AS differing WHERE minute > now() - interval '57 minutes'"
                )
                #expect(differing == 0)
            }
            try await store.run("DELETE FROM jobs.history WHERE id % 2 = 0")
            #expect(try await store.text("SELECT jobs.count_minutes()") == "0")
            #expect(try await store.number("SELECT count(*) FROM jobs.counted_minutes") == 0)
        }
    }
}
