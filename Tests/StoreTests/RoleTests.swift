import Postgres
import TestKit
import Testing

@testable import Store

/// The three roles of migration 0010: each does its work, and what it must not do fails.
///
/// The roles are named after the database, since a role is the cluster's.
@Suite(.timeLimit(.minutes(10))) struct RoleTests {
    /// A role of this test's own, granted its part, and a connection pool as it.
    private static func play(_ part: String, _ body: (StoreDatabase, PostgresPool) async throws -> Void) async throws {
        try await withStore { store in
            let roles = ["app", "ops", "crm"].map { "\(store.database.name)_\($0)" }
            let name = "\(store.database.name)_\(part)"
            try await store.database.cluster.asSuperuser("CREATE ROLE \(name) LOGIN")
            let said = try await store.text("SELECT ops.grant_roles('\(roles[0])', '\(roles[1])', '\(roles[2])')")
            #expect(said?.hasPrefix("granted: \(name); no such role: ") == true, "\(said ?? "–")")
            // Twice does no harm.
            try await store.run("SELECT ops.grant_roles('\(roles[0])', '\(roles[1])', '\(roles[2])')")
            try await store.run(
                """
                INSERT INTO sync.subscriptions (vendor, account) VALUES ('marketo', '123-abc-456');
                INSERT INTO sync.tenants (id, name, subscription_id, endpoint, client_id, secret, secret_key_id, settings, started_at)
                SELECT id, name, 1, 'https://123-abc-456.mktorest.com', 'c', '', '', '{}', now() FROM jobs.tenant WHERE name = 'acme';
                INSERT INTO jobs.kind (kind, gate) VALUES ('refresh-lead', 'marketo');
                SELECT jobs.enqueue('refresh-lead', '{}', 'acme', unique_key => 'lead:1');
                """)
            let pool = try TestDatabase.makePool(
                url: "postgresql://\(name)@127.0.0.1:\(store.database.cluster.port)/\(store.database.name)")
            do {
                try await body(store, pool)
            } catch {
                await pool.shutdown()
                throw error
            }
            await pool.shutdown()
        }
    }

    /// Each of these fails for want of a right, and with nothing else.
    private static func expectForbidden(_ pool: PostgresPool, _ scripts: [String]) async {
        for script in scripts {
            let error = await #expect(throws: PostgresError.self, "\(script)") { try await pool.run(script: script) }
            #expect(error?.sqlState == "42501", "\(script): \(error.map { "\($0)" } ?? "–")")
        }
    }

    @Test func `an operator reads every view of ops, calls its functions, and can neither read a credential nor write a table`() async throws {
        try await Self.play("ops") { store, pool in
            let views = try await store.texts("SELECT relname FROM pg_class WHERE relnamespace = 'ops'::regnamespace AND relkind = 'v'").compactMap {
                $0
            }
            #expect(views.count >= 14)
            for view in views { try await pool.run(script: "SELECT * FROM ops.\(view)") }
            let job = try await store.number("SELECT id FROM jobs.job")
            for call in [
                "ops.why(\(job))", "ops.pause('acme')", "ops.resume('acme')", "ops.pause('acme', 'refresh-lead')",
                "ops.resume('acme', 'refresh-lead')",
                "ops.retry_job(\(job))", "ops.bury_job(\(job), 'a test')", "ops.retry_dead()", "ops.cancel_job(\(job))", "ops.sync_now('acme')",
                "ops.resync_lead('acme', 5)",
            ] { try await pool.run(script: "SELECT \(call)") }
            await Self.expectForbidden(
                pool,
                [
                    "SELECT secret FROM sync.tenants", "SELECT * FROM jobs.job", "SELECT * FROM crm.contacts", "DELETE FROM jobs.job",
                    "UPDATE sync.tenants SET settings = '{}'", "INSERT INTO jobs.tenant (name) VALUES ('x')",
                    "SELECT jobs.enqueue('x', '{}', 'acme')",
                    "SELECT sync.lift_pause(1)", "SELECT ops.begin_removal('acme')", "SELECT ops.remove_bite(1)", "SELECT ops.finish_removal(1)",
                    "SELECT ops.grant_roles()", "SELECT crm.write_as_sync()", "CREATE TABLE ops.mine (a int)", "CREATE TABLE public.mine (a int)",
                    "DROP VIEW ops.jobs",
                ])
        }
    }

    @Test func `an application works on crm, its changes are noticed, and neither the sync's fields nor anybody else's tables are open to it`()
        async throws
    {
        try await Self.play("crm") { store, pool in
            let tenant = store.acme
            try await pool.run(
                script: """
                    INSERT INTO crm.accounts (tenant_id, name, phone) SELECT id, '株式会社テスト', '03-1234-5678' FROM sync.tenants WHERE name = 'acme';
                    INSERT INTO crm.contacts (id, tenant_id, name, email, account_id) SELECT 7, \(tenant), '山田 太郎', 'Taro@Example.com', id FROM crm.accounts;
                    INSERT INTO crm.phases (id, tenant_id, name, position) VALUES (1, \(tenant), '提案', 1);
                    INSERT INTO crm.deals (id, tenant_id, name, phase_id) VALUES (1, \(tenant), '一', 1), (2, \(tenant), '二', 1);
                    INSERT INTO crm.actions (id, tenant_id, deal_id, kind, status) VALUES (1, \(tenant), 1, '面談', '完了');
                    INSERT INTO crm.action_contacts (action_id, contact_id) VALUES (1, 7);
                    UPDATE crm.contacts SET title = '部長';
                    SELECT crm.merge_deals(1, 2, true);
                    UPDATE crm.contacts SET deleted_at = now();
                    UPDATE crm.contacts SET deleted_at = NULL;
                    DELETE FROM crm.deals;
                    """)
            let noticed = try await store.number("SELECT count(*) FROM sync.contact_events WHERE contact_id = 7")
            #expect(noticed > 0)
            await Self.expectForbidden(
                pool,
                [
                    "UPDATE crm.contacts SET lead_id = 5", "INSERT INTO crm.contacts (tenant_id, name, lead_score) VALUES (\(tenant), 'a', 1)",
                    "SELECT crm.write_as_sync()", "SELECT crm.sync_proof()", "SELECT secret FROM sync.tenants", "SELECT * FROM sync.tenants",
                    "SELECT * FROM sync.lead_links", "UPDATE sync.tenants SET name = 'x'", "SELECT * FROM jobs.job",
                    "SELECT jobs.enqueue('x', '{}', 'acme')",
                    "SELECT ops.pause('acme')", "SELECT sync.lift_pause(1)", "SELECT sync.merge_leads(\(tenant), ARRAY[1], ARRAY[2], 1)",
                    "TRUNCATE crm.contacts", "ALTER TABLE crm.contacts DISABLE TRIGGER ALL", "DROP TABLE crm.deals", "CREATE TABLE crm.mine (a int)",
                ])
        }
    }

    @Test func `processes write rows and keep the history's days, but make, drop and empty no table and grant nothing`() async throws {
        try await Self.play("app") { store, pool in
            try await pool.run(
                script: """
                    SELECT jobs.make_history_day((now() + interval '20 days')::date);
                    SELECT jobs.drop_history_before(now());
                    SELECT sync.refresh_statistics();
                    SELECT jobs.count_depth();
                    BEGIN; SELECT crm.write_as_sync(); INSERT INTO crm.contacts (tenant_id, name, lead_id) VALUES (\(store.acme), 'a', 7); COMMIT;
                    SELECT ops.retry_job(id) FROM jobs.job;
                    """)
            #expect(try await store.text("SELECT lead_id FROM crm.contacts") == "7")
            await Self.expectForbidden(
                pool,
                [
                    "DROP TABLE jobs.job", "TRUNCATE jobs.job", "CREATE TABLE jobs.mine (a int)", "CREATE SCHEMA mine", "SELECT ops.grant_roles()",
                    "ALTER TABLE crm.contacts DISABLE TRIGGER ALL",
                    "INSERT INTO schema_versions.migration (number, name, checksum) VALUES (99, 'x', 'y')",
                    "UPDATE crm.contacts SET lead_id = 8", "CREATE ROLE mine",
                ])
        }
    }
}
