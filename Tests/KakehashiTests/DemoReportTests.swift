import Fleet
import Foundation
import Store
import Sync
import Testing

@testable import Kakehashi

@Suite struct DemoReportTests {
    private func report(
        leads: Int = 10_000, seen: Int = 10_000, calls: Int = 44,
        evidence: SimulatorEvidence = SimulatorEvidence(mostInAnyWindow: 100, mostAtOnce: 10),
        comparison: Comparison = Comparison(leads: [], side: MazricaSide())
    ) -> DemoReport {
        DemoReport(
            leads: leads, leadsSeen: seen, contacts: 9_700, accounts: 900, links: 9_800, quarantined: 200, callsBooked: 60, evidence: evidence,
            loadLeadCalls: calls, loadTime: .seconds(7), comparison: comparison)
    }

    @Test func `what is as it should be has no problems`() {
        #expect(self.report().problems(.english).isEmpty)
        #expect(self.report().lines(.english).last == "Both sides agree, record by record.")
    }

    @Test func `10,000 leads may cost 34 calls and 10 more`() {
        #expect(self.report().leadCallsAllowed == 44)
        #expect(self.report(calls: 45).problems(.english) == ["The full load cost more calls than it may."])
    }

    @Test func `a load that saw fewer leads than there are is no good`() {
        #expect(self.report(seen: 9_999).problems(.english) == ["The full load saw 9,999 leads of 10,000."])
    }

    @Test(arguments: [
        SimulatorEvidence(mostInAnyWindow: 101), SimulatorEvidence(mostAtOnce: 11), SimulatorEvidence(callsAfterQuota: 1),
        SimulatorEvidence(callsByCode: ["606": 1]), SimulatorEvidence(callsByCode: ["607": 1]), SimulatorEvidence(callsByCode: ["615": 1]),
    ])
    func `a limit that was passed is no good, also when Marketo turned the call away`(_ evidence: SimulatorEvidence) {
        #expect(self.report(evidence: evidence).problems(.english) == ["Marketo's limits were not kept."])
    }

    @Test func `a difference is told in the report, in JSON too`() throws {
        let lead = Lead(id: LeadID(rawValue: 7), email: "a@example.com")
        let report = self.report(comparison: Comparison(leads: [lead], side: MazricaSide()))
        #expect(report.lines(.english).contains { $0.contains("Missing") && $0.hasSuffix("1 (lead 7)") })
        #expect(report.problems(.english) == ["The two sides do not agree."])
        let object = try #require(try JSONSerialization.jsonObject(with: Data(report.json.text.utf8)) as? [String: Any])
        #expect(object["ok"] as? Bool == false)
        #expect((object["missing"] as? [[String: String]])?.first?["record"] == "lead 7")
        #expect(object.keys.allSatisfy { $0.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "_" } })
    }
}
