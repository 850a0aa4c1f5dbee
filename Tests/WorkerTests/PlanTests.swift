import Simulator
import Testing

/// How a full load finds out how far the leads go, when its calls are held back.
@Suite struct PlanTests {
    @Test func `R26: a call that is held back costs a full load none of the calls before it`() async throws {
        try await Bridgehead.stand { bridge in
            // All made within the hour before the set-up, so the feed of new leads has ten pages to read.
            bridge.marketo.createLeads(count: 3_000)
            for nth in [3, 5, 9] { bridge.marketo.add(FaultRule.code("606", path: "/rest/v1/activities.json").on(nth: nth)) }
            try await bridge.load()
            let calls = bridge.marketo.evidence.callsByPath
            // One for the feeds' beginning, one for the feed of new leads.
            #expect(calls["GET /rest/v1/activities/pagingtoken.json", default: 0] == 2, "\(calls)")
            #expect(calls["GET /rest/v1/activities.json", default: 0] <= 10 + 1 + 3, "\(calls)")
            #expect(calls["GET /rest/v1/leads.json", default: 0] <= 10 + 4, "\(calls)")
            #expect(try await bridge.linkedAndListed() == 3_000)
        }
    }

    @Test func `a plan whose job was called off goes on by itself`() async throws {
        try await Bridgehead.stand(.open(leads: 700)) { bridge in
            try await bridge.startFullLoad()
            try await bridge.work(until: "SELECT plan IS NOT NULL OR planned_at IS NOT NULL FROM sync.runs")
            try await bridge.sql("SELECT jobs.cancel(id) FROM jobs.job WHERE kind = 'start-full-load'")
            try await bridge.work()
            #expect(try await bridge.linkedAndListed() == 700)
            #expect(try await bridge.value("SELECT state FROM sync.runs") == "done")
        }
    }

    @Test func `a full load that can't be planned is given up with a note, and the next one may begin`() async throws {
        try await Bridgehead.stand(.open(leads: 10)) { bridge in
            try await bridge.startFullLoad()
            try await bridge.sql("SELECT jobs.bury(id, 'a test') FROM jobs.job WHERE kind = 'start-full-load'")
            try await bridge.finishRuns()
            try await bridge.work()
            #expect(try await bridge.value("SELECT state FROM sync.runs") == "cancelled")
            #expect(try await bridge.count("SELECT count(*) FROM ops.notes WHERE kind = 'full_load_given_up'") == 1)
            try await bridge.load()
            #expect(try await bridge.linkedAndListed() == 10)
        }
    }
}
