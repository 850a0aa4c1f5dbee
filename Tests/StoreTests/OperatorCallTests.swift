import Postgres
import Sync
import TestKit
import Testing

@testable import Store

/// What operators see and call by SQL (CONTRACT 5).
@Suite struct OperatorCallTests {
    private static func addAcme(_ store: StoreDatabase) async throws {
        let cipher = try #require(testCipher)
        let new = NewTenant(
            name: "acme", endpoint: try MarketoEndpoint("https://123-abc-456.mktorest.com/rest", allowLocal: false), clientID: "client",
            clientSecret: Secret("s3cret"))
        _ = try await store.pool.transaction { try await $0.addTenant(new, sealedBy: cipher) }
    }

    @Test func `ops.pause and ops.resume take names of tenants and kinds that there are, and say what they did`() async throws {
        try await withStore { store in
            try await Self.addAcme(store)
            try await store.run("INSERT INTO jobs.kind (kind) VALUES ('refresh-lead')")
            let refused = { (call: String) in
                _ = await #expect(throws: PostgresError.self, "\(call)") { try await store.text("SELECT \(call)") }
            }
            for call in [
                "ops.pause('nobody')", "ops.pause(NULL)", "ops.pause('')", "ops.pause('acme', 'refresh-leads')", "ops.resume('nobody')",
                "ops.resume('acme', 'refresh-leads')", "ops.retry_dead('nobody')", "ops.retry_dead('acme', 'refresh-leads')",
            ] { _ = await refused(call) }
            #expect(try await store.number("SELECT count(*) FROM jobs.gate") == 0)
            #expect(try await store.text("SELECT ops.pause('acme', 'refresh-lead')") == "paused kind refresh-lead of tenant \"acme\"")
            #expect(try await store.text("SELECT ops.resume('acme', 'refresh-lead')") == "resumed kind refresh-lead of tenant \"acme\"")
            #expect(try await store.text("SELECT ops.resume('acme', 'refresh-lead')") == "kind refresh-lead of tenant \"acme\" was not paused")
            #expect(try await store.text("SELECT ops.resume('acme')") == "tenant \"acme\" was not paused")
            // What is held can be let go, even when its kind is forgotten.
            _ = try await store.text("SELECT ops.pause('acme', 'refresh-lead')")
            try await store.run("DELETE FROM jobs.kind")
            #expect(try await store.text("SELECT ops.resume('acme', 'refresh-lead')") == "resumed kind refresh-lead of tenant \"acme\"")
            try await TenantRegistry(pool: store.pool).remove("acme")
            _ = await refused("ops.pause('acme')")
        }
    }

    @Test func `a worker that has given no sign of life for two minutes is not listed`() async throws {
        try await withStore { store in
            try await store.run(
                """
                INSERT INTO jobs.worker (id, host, pid, version, started_at, seen_at)
                SELECT gen_random_uuid(), 'a', n, 'x', now() - interval '1 hour', now() - n * interval '1 minute' FROM generate_series(1, 3) AS n
                """)
            #expect(try await store.pool.query(WorkerStatusQuery()).map(\.pid) == [1])
        }
    }
}
