import Foundation
import Store
import Testing

@testable import Kakehashi

@Suite struct StatusFactsTests {
    @Test func `the document of status has exactly the members that others rely on`() throws {
        let facts = StatusFacts(
            tenants: [
                .given(settled: true, lastSweep: .given(startedAt: Date(timeIntervalSince1970: 1_800_000_000), leadsChanged: 3)),
                .given(settled: false),
            ],
            workers: [WorkerStatus.given(host: "db1", pid: 7, running: 2, seenAt: Date(timeIntervalSince1970: 1_800_000_000))])
        let object = try #require(try JSONSerialization.jsonObject(with: Data(facts.json.text.utf8)) as? [String: Any])
        let tenant = try #require((object["tenants"] as? [[String: Any]])?.first)
        #expect(
            Set(tenant.keys) == ["name", "state", "paused_until", "full_load", "last_sweep", "jobs", "quota", "quarantined", "settled"])
        #expect(
            Set((tenant["full_load"] as? [String: Any] ?? [:]).keys) == ["state", "blocks_done", "blocks_total", "leads_seen", "eta_seconds"])
        #expect(Set((tenant["jobs"] as? [String: Any] ?? [:]).keys) == ["ready", "scheduled", "running", "retrying", "dead"])
        #expect(Set((tenant["quota"] as? [String: Any] ?? [:]).keys) == ["limit", "used_by_us", "used_by_others", "remaining", "resets_at"])
        let sweep = try #require(tenant["last_sweep"] as? [String: Any])
        #expect(Set(sweep.keys) == ["started_at", "finished_at", "leads_changed"])
        #expect(sweep["started_at"] as? String == "2027-01-15T08:00:00Z" && sweep["finished_at"] is NSNull && sweep["leads_changed"] as? Int == 3)
        #expect((object["tenants"] as? [[String: Any]])?.last?["last_sweep"] is NSNull)
        let worker = try #require((object["workers"] as? [[String: Any]])?.first)
        #expect(Set(worker.keys) == ["id", "host", "pid", "running", "seen_at"])
        #expect(worker["seen_at"] as? String == "2027-01-15T08:00:00Z")
    }

    @Test func `without tenants it says how to begin`() {
        let lines = StatusFacts(tenants: [], workers: []).lines(terminal: Terminal(isTerminal: false, width: 80, hasColours: false), now: Date())
        #expect(lines == ["No tenant is set up yet; see 'kakehashi tenant add --help'."])
    }
}
