import JobQueue
import Postgres
import Store
import Sync
import TestKit
import Testing

/// A first import comes before the database knows the size of anything; the plans of its statements may be older still.
///
/// Counted in blocks that the server looked at, not in time. One planned for an empty table once walked a tenant's rows for each contact: 20,000 of them came
/// to minutes, and to the limit of a statement.
@Suite(.timeLimit(.minutes(10))) struct ImportPlanTests {
    private static let blocksFunction = """
        CREATE FUNCTION public.blocks(query text) RETURNS bigint LANGUAGE plpgsql AS $$
        DECLARE
            plan json;
        BEGIN
            EXECUTE 'EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) ' || query INTO plan;
            RETURN (plan -> 0 -> 'Plan' ->> 'Shared Hit Blocks')::bigint + (plan -> 0 -> 'Plan' ->> 'Shared Read Blocks')::bigint;
        END
        $$;
        """

    /// The blocks that it takes to want the pushes of contacts who have just come, with a lead each and a phase to be shown.
    private static func cost(of contacts: ClosedRange<Int>, _ tenant: Int64, in tx: PostgresTransaction) async throws(PostgresError) -> Int {
        let numbers = "generate_series(\(contacts.lowerBound), \(contacts.upperBound))"
        try await tx.run(
            script: """
                INSERT INTO crm.contacts (tenant_id, id, name, lead_id) SELECT \(tenant), n, '山田', n FROM \(numbers) AS n;
                INSERT INTO sync.lead_links (tenant_id, lead_id, contact_id, is_primary, state, rule, observed_at, snapshot)
                SELECT \(tenant), n, n, true, 'active', 'new', now(), 1 FROM \(numbers) AS n;
                INSERT INTO sync.desired_values (tenant_id, contact_id, field, value, seq) SELECT \(tenant), n, 'phase', '商談', n FROM \(numbers) AS n;
                """)
        let query = "SELECT public.blocks('SELECT sync.want_pushes(\(tenant), ARRAY(SELECT * FROM \(numbers)))')"
        let answer = try await tx.first(Eval(query: query))
        return answer.flatMap { $0 }.flatMap { Int($0) } ?? -1
    }

    @Test func `pushes of eight times the contacts cost eight times the blocks, on a database that knows the size of nothing`() async throws {
        try await DealStage.stand { stage in
            let store = stage.store
            try await store.run(Self.blocksFunction)
            let settings = JobProcessor.handlerSettings.map { "SET LOCAL \($0.key) = '\($0.value)';" }.joined(separator: "\n")
            let costs = try await store.pool.transaction { tx throws(PostgresError) -> [Int] in
                // Planned while there is next to nothing, as on the first day. No statistics come about within a transaction.
                try await tx.run(script: "\(settings)\nSELECT crm.write_as_sync();\nSELECT sync.want_pushes(\(store.acme), '{1}');")
                let few = try await Self.cost(of: 1_001...1_500, store.acme, in: tx)
                return [few, try await Self.cost(of: 10_001...14_000, store.acme, in: tx)]
            }
            #expect(try await store.number("SELECT count(*) FROM sync.pushes WHERE state = 'waiting'") == 4_500)
            #expect(costs[0] > 0)
            #expect(costs[1] <= 12 * costs[0], "\(costs[0]) blocks for 500 contacts, \(costs[1]) for 4,000")
        }
    }

    @Test func `a contact's pushes are its own tenant's: what another tenant's job asks of them changes nothing`() async throws {
        try await DealStage.stand { stage in
            let store = stage.store
            try await store.run(
                """
                INSERT INTO sync.pushes (tenant_id, lead_id, field, contact_id, desired, seq, state, confirm_at) VALUES
                (\(store.beta), 7, 'phase', 70, '商談', 1, 'waiting', NULL), (\(store.beta), 8, 'phase', 70, '商談', 1, 'acked', now()),
                (\(store.acme), 7, 'phase', 1, '商談', 1, 'waiting', NULL);
                """)
            let pushes = "SELECT string_agg(row_to_json(pushes)::text, ' ' ORDER BY tenant_id, lead_id) FROM sync.pushes"
            let before = try await store.text(pushes)
            try await store.run("SELECT sync.rest_pushes(\(store.acme), '{70}'); SELECT sync.want_pushes(\(store.acme), '{70}');")
            let other = ContactID(rawValue: 70)
            let left = try await store.pool.query(FindLeftContacts(tenant: stage.tenant, job: 1, kind: "push-phase", contacts: [other]))
            #expect(left.isEmpty)
            #expect(try await store.text(pushes) == before)
            #expect(try await store.number("SELECT count(*) FROM jobs.job WHERE kind LIKE 'push-%'") == 0)
        }
    }

    @Test func `tables that have grown are looked at anew, once, whatever the server has counted of it`() async throws {
        try await withStore { store in
            try await store.run(
                """
                ALTER TABLE sync.desired_values SET (autovacuum_enabled = off);
                INSERT INTO sync.desired_values (tenant_id, contact_id, field, value, seq)
                SELECT \(store.acme), n, 'phase', '商談', n FROM generate_series(1, 5000) AS n;
                """)
            let known = "SELECT reltuples::bigint FROM pg_class WHERE oid = 'sync.desired_values'::regclass"
            #expect(try await store.number(known) == -1)
            #expect(try await store.pool.first(RefreshStatistics()) == 1)
            #expect(try await store.number(known) == 5_000)
            #expect(try await store.pool.first(RefreshStatistics()) == 0)
        }
    }
}
