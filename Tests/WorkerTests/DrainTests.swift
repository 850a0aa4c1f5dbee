import Simulator
import Testing

@Suite struct DrainTests {
    @Test func `a worker that leaves in mid-load hands back what it holds, and the next one finishes`() async throws {
        try await Bridgehead.stand(.open(leads: 3_000)) { bridge in
            try await bridge.startFullLoad()
            try await bridge.work(until: "SELECT count(*) > 100 FROM crm.contacts")
            #expect(try await bridge.count("SELECT count(*) FROM jobs.current WHERE state = 'running'") == 0)
            try await bridge.work()
            let listed = try await bridge.count("SELECT count(*) FROM sync.quarantine")
            #expect(try await bridge.count("SELECT count(DISTINCT lead_id) FROM sync.lead_links") + listed == 3_000)
        }
    }
}
