import JobQueue
import Jobs
import Postgres
import Simulator
import Store
import TestKit
import Testing

/// Promise 8 between tenants of one worker: whatever befalls one, the other's work is the same, call by call and job by job.
@Suite(.timeLimit(.minutes(20))) struct FairTenantsTests {
    /// What a vendor in trouble does to every call of one tenant.
    static let storms = [
        FaultRule(.http).with { $0.status = 503 }, FaultRule(.hang), FaultRule(.reset), FaultRule(.tokenInvalid), FaultRule(.invalidJSON),
        FaultRule.code("606"), FaultRule.code("607"), FaultRule.code("615"), FaultRule.code("1003"), FaultRule.code("1999"),
    ]

    @Test(arguments: storms)
    func `promise 8: a tenant in a storm of faults changes neither the calls nor the jobs of another`(storm: FaultRule) async throws {
        try await Bridgehead.stand(.open(leads: 6_000)) { stormy in
            try await withSimulator(.open(leads: 900)) { calm in
                let beta = try await stormy.neighbour("beta", over: calm)
                stormy.marketo.add(storm.with { $0.path = "/rest/*" })
                try await stormy.startFullLoad()
                try await stormy.startSweep()
                try await stormy.work(until: "SELECT count(*) > 0 FROM sync.calls JOIN sync.tenants ON tenants.id = tenant_id WHERE name = 'acme'") {
                    $0.drain = .seconds(1)
                }
                try await beta.startFullLoad()
                try await beta.startSweep()
                try await stormy.work(until: Self.isDone("beta")) { $0.drain = .seconds(1) }
                // The other is not through it; and where its calls hang, not even the first of them has come to its end.
                #expect(try await stormy.value(Self.isDone("acme")) == "false")
                if storm.kind == .hang {
                    #expect(try await stormy.count("SELECT count(*) FROM sync.calls WHERE tenant_id = \(stormy.id) AND outcome = 'upstream'") == 0)
                }
                // Three blocks, the search for the highest lead, the feeds, the fields, the usage page and a look above.
                #expect(calm.evidence.counted <= 20, "\(calm.evidence.callsByPath)")
                #expect(calm.evidence.identityCalls <= 2)
                #expect(Set(calm.evidence.callsByCode.keys) == ["0"])
                // A job that met a newer one with its key, as `finish-run` does, is rightly cancelled in its favour.
                let disturbed = try await beta.value(
                    """
                    SELECT string_agg(concat_ws(' ', kind, state, 'attempt', attempt, 'crashes', crashes, errors), '; ') FROM jobs.history
                    WHERE tenant_id = \(beta.id) AND (attempt > 1 OR crashes > 0 OR state NOT IN ('done', 'cancelled'))
                    """)
                #expect(disturbed == nil)
                #expect(try await beta.count("SELECT count(*) FROM jobs.gate WHERE tenant_id = \(beta.id)") == 0)
            }
        }
    }

    @Test func `promise 8: a parked tenant with a hundred thousand waiting jobs loses none and costs another nothing`() async throws {
        try await Bridgehead.stand { parked in
            try await withSimulator(.open(leads: 900)) { calm in
                let beta = try await parked.neighbour("beta", over: calm)
                try await parked.sql(
                    """
                    INSERT INTO jobs.job (tenant_id, kind, payload, unique_key)
                    SELECT $tenant, 'refresh-lead', jsonb_build_object('lead', i), 'lead:' || i FROM generate_series(1, 100000) AS i;
                    SELECT ops.pause('acme')
                    """)
                try await beta.startFullLoad()
                try await parked.work(until: Self.isDone("beta"))
                #expect(parked.marketo.evidence.counted == 0 && parked.marketo.evidence.identityCalls == 0)
                #expect(
                    try await parked.value(
                        "SELECT count(*) || ' ' || max(attempt) || ' ' || max(lease_no) FROM jobs.job WHERE tenant_id = \(parked.id)") == "100000 0 0"
                )
                #expect(calm.evidence.counted <= 14, "\(calm.evidence.callsByPath)")
                #expect(try await beta.count("SELECT count(*) FROM jobs.history WHERE tenant_id = \(beta.id) AND attempt > 1") == 0)
            }
        }
    }

    private static func isDone(_ tenant: String) -> String {
        "SELECT settled AND full_load_state = 'done' FROM ops.sync_progress WHERE tenant = '\(tenant)'"
    }
}
