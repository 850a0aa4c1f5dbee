import Fleet
import Foundation
import Postgres
import Simulator
import StageKit
import Testing

extension CrashTests {
    /// The way back under load, with a real worker.
    @Suite struct ManyPushes {
        private static let leads = 20_000

        @Test(.timeLimit(.minutes(10)))
        func `100,000 phase changes over 20,000 leads settle with at most 70 calls, and the worker needs no more memory for them`() async throws {
            try await Stage.set(SimulatorConfiguration(leads: Self.leads), settings: ["coalesce-seconds": "1"]) { stage in
                // The contacts are there as after a full load; what is measured is the way back.
                try await stage.pool.run(
                    script: """
                        DELETE FROM jobs.job;
                        DELETE FROM sync.runs;
                        SELECT crm.write_as_sync();
                        INSERT INTO crm.contacts (tenant_id, id, name, lead_id)
                        SELECT tenants.id, number, '山田', number FROM sync.tenants, generate_series(1, \(Self.leads)) AS number;
                        INSERT INTO sync.lead_links (tenant_id, lead_id, contact_id, is_primary, state, rule, observed_at, snapshot)
                        SELECT tenant_id, id, id, true, 'active', 'new', now(), 1 FROM crm.contacts;
                        INSERT INTO crm.phases (tenant_id, id, name) SELECT tenants.id, number, '段階' || number FROM sync.tenants, generate_series(1, 6) AS number;
                        INSERT INTO crm.deals (tenant_id, id, name, phase_id) SELECT tenant_id, id, 'D' || id, 1 FROM crm.contacts;
                        INSERT INTO crm.actions (tenant_id, id, deal_id, kind, status) SELECT tenant_id, id, id, '面談', '予定' FROM crm.contacts;
                        INSERT INTO crm.action_contacts (action_id, contact_id) SELECT id, id FROM crm.contacts;
                        """)
                let worker = try await stage.worker(1, lease: 30)
                try await stage.until("20,000 phases are shown", within: .seconds(300)) { try await Self.acked(stage, "段階1") }
                let before = (calls: Self.calls(stage), memory: Self.peak(worker))
                #expect(before.calls <= 70)
                let changes = (2...6).map { "UPDATE crm.deals SET phase_id = \($0);" }.joined(separator: "\n")
                try await stage.pool.run(script: "BEGIN; \(changes) COMMIT;")
                #expect(try await stage.count("SELECT count(*) FROM sync.contact_events WHERE kind = 'phase_changed' AND contact_id <> 0") == 100_000)
                try await stage.until("the last phase is shown", within: .seconds(300)) { try await Self.acked(stage, "段階6") }
                #expect(Self.calls(stage) - before.calls <= 70, "\(Self.calls(stage) - before.calls) calls")
                #expect(stage.marketo.leads().allSatisfy { $0.mazricaPhase == "段階6" })
                #expect(Self.peak(worker) <= before.memory + 50_000, "peak \(before.memory) kB before, \(Self.peak(worker)) kB after")
                #expect(stage.marketo.evidence.leadsInTwoCalls == 0)
                #expect(worker.isRunning)
                stage.expectGoodManners()
            }
        }

        private static func acked(_ stage: Stage, _ phase: String) async throws -> Bool {
            try await stage.count("SELECT count(*) FROM sync.pushes WHERE state = 'acked' AND acked_value = '\(phase)'") == Self.leads
        }

        private static func calls(_ stage: Stage) -> Int { stage.marketo.evidence.callsByPath["POST /rest/v1/leads.json"] ?? 0 }

        /// The most memory that a process ever had, in kB.
        private static func peak(_ child: ChildProcess) -> Int {
            let status = (try? String(contentsOfFile: "/proc/\(child.pid)/status", encoding: .utf8)) ?? ""
            let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
            return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        }
    }
}
