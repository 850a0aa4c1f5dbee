import Fleet
import Postgres
import Simulator
import StageKit
import Testing

extension CrashTests {
    /// `kakehashi reconcile` on the way back: what Marketo shows against what the story says.
    @Suite struct ReconcilePush {
        @Test(.timeLimit(.minutes(10)))
        func `D11, D13: reconcile finds the leads that do not show what the story says, and --repair sends it again, also what rested`() async throws
        {
            try await Stage.set(SimulatorConfiguration(leads: 40), settings: ["coalesce-seconds": "1"]) { stage in
                try await stage.worker(1)
                try await stage.settle()
                let leads = Array(try await stage.leadsOfTheirOwn().prefix(3))
                // Before the field is made, phases rest.
                stage.marketo.hide(field: "mazrica_phase")
                try await stage.pool.run(
                    script: """
                        INSERT INTO crm.phases (tenant_id, id, name) SELECT tenants.id, 1, '商談' FROM sync.tenants;
                        INSERT INTO crm.deals (tenant_id, id, name, phase_id) SELECT tenants.id, 1, 'A', 1 FROM sync.tenants;
                        INSERT INTO crm.actions (tenant_id, id, deal_id, kind, status) SELECT tenants.id, 1, 1, '面談', '完了' FROM sync.tenants;
                        INSERT INTO crm.action_contacts (action_id, contact_id)
                        SELECT 1, contact_id FROM sync.lead_links WHERE lead_id IN (\(leads.map(String.init).joined(separator: ", ")));
                        """)
                try await stage.until("SELECT count(*) = 3 FROM ops.pushes WHERE state = 'parked' AND reason = 'field_missing'")
                try await stage.until("SELECT count(*) = 3 FROM ops.pushes WHERE state = 'acked'")
                #expect(try await stage.reconcile().found == [:], "without the field nothing is amiss")

                stage.marketo.show(field: "mazrica_phase")
                let described = try await stage.kakehashi("sync", Stage.tenant, "--wait", "--timeout", "60")
                #expect(described.ending == .exited(0), "\(described.said)")
                // Somebody changes one of the statuses in Marketo.
                try stage.marketo.update([leads[0]], ["leadStatus": .string("違う")])
                let found = try await stage.reconcile()
                #expect(found.ending == .exited(1) && found.found == ["stale": leads], "\(found.said)")
                let repaired = try await stage.reconcile("--repair", "--timeout", "60")
                #expect(repaired.ending == .exited(0) && repaired.document["repaired"] as? Int == 3, "\(repaired.said)")
                for lead in leads {
                    #expect(stage.marketo.lead(lead)?.mazricaPhase == "商談" && stage.marketo.lead(lead)?.leadStatus == "面談")
                }
                #expect(try await stage.reconcile().found == [:])
            }
        }
    }
}
