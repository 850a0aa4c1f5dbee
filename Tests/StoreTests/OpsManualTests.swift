import Postgres
import TestKit
import Testing

@Suite(.timeLimit(.minutes(10))) struct OpsManualTests {
    @Test func `every view, column and function of ops says what it is`() async throws {
        try await withStore { store in
            let silent = try await store.text(
                """
                SELECT coalesce(string_agg(what, ', ' ORDER BY what), 'none') FROM (
                    SELECT pg_class.relname::text AS what FROM pg_class
                    WHERE pg_class.relnamespace = 'ops'::regnamespace AND pg_class.relkind = 'v' AND obj_description(pg_class.oid, 'pg_class') IS NULL
                    UNION ALL
                    SELECT format('%s.%s', pg_class.relname, pg_attribute.attname) FROM pg_class
                    JOIN pg_attribute ON pg_attribute.attrelid = pg_class.oid AND pg_attribute.attnum > 0
                    WHERE pg_class.relnamespace = 'ops'::regnamespace AND pg_class.relkind = 'v'
                        AND col_description(pg_class.oid, pg_attribute.attnum) IS NULL
                    UNION ALL
                    SELECT format('%s()', pg_proc.proname) FROM pg_proc
                    WHERE pg_proc.pronamespace = 'ops'::regnamespace AND obj_description(pg_proc.oid, 'pg_proc') IS NULL
                ) AS silent (what)
                """)
            #expect(silent == "none")
        }
    }

    @Test func `horizon names a session that sleeps in a transaction, and the call it suggests ends it`() async throws {
        try await withStore { store in
            do {
                try await store.pool.transaction { sleeper in
                    try await sleeper.run(script: "INSERT INTO jobs.tenant (name) VALUES ('sleeper')")
                    let call = try await store.text("SELECT min(suggestion) FROM ops.horizon WHERE what = 'idle_in_transaction'") ?? "none"
                    #expect(call.hasPrefix("SELECT pg_terminate_backend("), "\(call)")
                    _ = try await store.text("\(call)::text")
                    try await sleeper.run(script: "SELECT 1")
                }
                Issue.record("the session went on")
            } catch {}
            let left = try await store.number("SELECT count(*) FROM ops.horizon WHERE what = 'idle_in_transaction'")
            #expect(left == 0)
        }
    }

    @Test func `storage shows every table of the queue, of the sync and of the team`() async throws {
        try await withStore { store in
            let shown = try await store.number(
                "SELECT count(*) FROM ops.storage WHERE (schema, name) IN (('jobs', 'job'), ('sync', 'lead_mirror'), ('crm', 'contacts')) AND bytes > 0"
            )
            #expect(shown == 3)
        }
    }
}
