import Postgres
import Simulator
import Store
import Testing

/// The rows of sync-algorithms.md 3.5 about limits and outages, under two workers.
@Suite(.timeLimit(.minutes(20))) struct MatrixCallTests {
    private static let path = "/rest/v1/activities.json"

    @Test func `matrix 3.5, 607 in mid-page: the page is not done, nobody calls until Chicago's midnight, a restart changes nothing`() async throws {
        try await Bridgehead.stand { bridge in
            let leads = try await bridge.registeredLeads(10)
            try bridge.marketo.changeScore(leads, by: 5)
            try await bridge.pool.run(script: "UPDATE sync.call_budgets SET concurrent_calls = 1")
            bridge.marketo.add(FaultRule.code("607", "Daily quota reached", path: Self.path).with { $0.after = 2 })
            bridge.marketo.add(FaultRule(.shortPage, path: Self.path).with { $0.count = 2 })
            let before = try await bridge.pagesStored()
            try await bridge.readFeeds()
            try await bridge.workTogether(until: Bridgehead.isHeld)
            #expect(try await bridge.pagesStored() == before + 2)
            #expect(bridge.marketo.evidence.callsByCode["607"] == 1)
            let status = try await bridge.pool.first(TenantStatusQuery(name: "acme"))
            #expect(status?.state == .pausedQuota && status?.pausedUntil != nil)
            let until = try await bridge.value("SELECT spent_until FROM sync.call_budgets")
            #expect(
                try await bridge.value(
                    """
                    SELECT (spent_until AT TIME ZONE 'America/Chicago')::time BETWEEN '00:00:30' AND '00:05:00'
                        AND spent_until BETWEEN now() AND now() + interval '25 hours 5 minutes'
                    FROM sync.call_budgets
                    """) == "true")
            // Other processes, and then others again: the pause is the database's.
            bridge.marketo.resetEvidence()
            for _ in 1...2 {
                try await bridge.timePasses()
                try await bridge.workTogether(until: Bridgehead.isHeld)
            }
            #expect(bridge.marketo.evidence.counted == 0 && bridge.marketo.evidence.identityCalls == 0)
            #expect(try await bridge.value("SELECT spent_until FROM sync.call_budgets") == until)
            #expect(try await bridge.pagesStored() == before + 2)
            // The day turns.
            bridge.marketo.removeFault()
            try await bridge.pool.run(script: "UPDATE sync.call_budgets SET spent_until = now()")
            try await bridge.timePasses()
            try await bridge.workTogether()
            #expect(try await bridge.staleLeads() == [])
            #expect(try await bridge.nothingSpentNorTwice())
        }
    }

    @Test func `matrix 3.5, 606 without a storm: while it lasts no more calls meet it than were under way, round by round`() async throws {
        try await Bridgehead.stand(.open(leads: 3_000)) { bridge in
            bridge.marketo.add(FaultRule.code("606", path: "/rest/v1/leads.json").with { $0.after = 3 })
            bridge.marketo.add(FaultRule(.delay, path: "/rest/v1/leads.json").with { $0.seconds = 0.2 })
            try await bridge.pool.run(script: "UPDATE sync.call_budgets SET concurrent_calls = 4")
            try await bridge.startFullLoad()
            var refused = 0
            for round in 1...3 {
                try await bridge.workTogether(until: Bridgehead.isHeld)
                let now = bridge.marketo.evidence.callsByCode["606", default: 0]
                #expect((1...4).contains(now - refused), "round \(round)")
                refused = now
                // Each of them costs half of the places that are left.
                #expect(try await bridge.value("SELECT shut_until > now() FROM sync.call_budgets") == "true")
                try await bridge.pool.run(script: "UPDATE sync.call_budgets SET shut_until = now()")
                try await bridge.timePasses()
            }
            #expect(try await bridge.count("SELECT window_cut_to FROM sync.call_budgets") <= 25_000)
            bridge.marketo.removeFault()
            try await bridge.workTogether()
            #expect(try await bridge.linkedAndListed() == 3_000)
            #expect(try await bridge.count("SELECT count(*) FROM jobs.history WHERE attempt > 1") == 0)
        }
    }

    @Test func `matrix 3.5, 5xx for hours: one look at a time, no attempt is spent, and the first good answer ends it`() async throws {
        try await Bridgehead.stand { bridge in
            let leads = try await bridge.registeredLeads(10)
            try bridge.marketo.changeScore(leads, by: 5)
            let fault = bridge.marketo.add(FaultRule(.http, path: "/rest/*").with { $0.status = 503 })
            try await bridge.startSweep()
            try await bridge.workTogether(until: "SELECT upstream_since IS NOT NULL FROM sync.call_budgets")
            #expect(try await bridge.pool.first(TenantStatusQuery(name: "acme"))?.state == .pausedUpstream)
            // Hour upon hour: what waits comes due, a look is allowed.
            for hour in 1...8 {
                bridge.marketo.resetEvidence()
                try await bridge.pool.run(
                    script: "UPDATE sync.call_budgets SET upstream_probe_at = now(), failing_since = failing_since - interval '1 hour'")
                try await bridge.timePasses()
                try await bridge.workTogether(
                    until: "SELECT upstream_probe_at > now() AND EXISTS (SELECT FROM jobs.gate WHERE name = 'marketo') FROM sync.call_budgets")
                #expect(bridge.marketo.evidence.callsByCode["http 503"] == 1, "hour \(hour)")
            }
            #expect(try await bridge.count("SELECT count(*) FROM jobs.dead") == 0)
            bridge.marketo.removeFault(fault)
            try await bridge.pool.run(script: "UPDATE sync.call_budgets SET upstream_probe_at = now()")
            try await bridge.timePasses()
            try await bridge.workTogether()
            #expect(try await bridge.pool.first(TenantStatusQuery(name: "acme"))?.state == .idle)
            #expect(try await bridge.staleLeads() == [])
            #expect(try await bridge.nothingSpentNorTwice())
        }
    }
}
