import Fleet
import Foundation
import Postgres
import Simulator
import StageKit
import TestKit
import Testing

extension CrashTests {
    /// `docs/operations.md` is true: each of its lines is run as it stands.
    @Suite struct Runbook {
        private static let backup: Set<String> = ["Backup", "Restore"]

        @Test(.timeLimit(.minutes(10))) func `every command of the runbook does what it says`() async throws {
            let page = try RunbookPage()
            let commands = page.commands.filter { !Self.backup.contains($0.section) }
            #expect(commands.count > 40 && Set(commands.map(\.section)).count >= 11, "\(commands.count)")
            try await Stage.set(SimulatorConfiguration(leads: 40)) { stage in
                try await stage.worker(1)
                try await stage.scheduler(1)
                try await stage.settle()
                let lead = try await stage.count("SELECT min(lead_id) FROM sync.lead_links")
                let contact = try await stage.count("SELECT contact_id FROM sync.lead_links WHERE lead_id = \(lead)")
                for command in commands {
                    if command.text.contains("4711") {
                        // A job that waits for an hour, and one that is dead where the page speaks of dead ones; whatever an earlier line has left of it.
                        try await stage.pool.run(
                            script: """
                                DELETE FROM jobs.job WHERE id = 4711;
                                DELETE FROM jobs.dead WHERE id = 4711;
                                DELETE FROM jobs.history WHERE id = 4711;
                                INSERT INTO jobs.job (id, tenant_id, kind, unique_key, payload, state, run_at)
                                SELECT 4711, id, 'refresh-lead', 'lead:\(lead)', '{"lead": \(lead)}', 'scheduled', now() + interval '1 hour' FROM sync.tenants;
                                """)
                        if command.section == "Jobs are dead" { try await stage.pool.run(script: "SELECT ops.bury_job(4711, 'for a test')") }
                    }
                    let text = command.text.replacing("1024", with: "\(lead)").replacing("77", with: "\(contact)")
                    do {
                        if command.isSQL { try await stage.pool.run(script: text) } else { try await stage.shell(text) }
                    } catch {
                        Issue.record("\(command.section): \(text): \(error)")
                    }
                }
                try await stage.settle()
                try await stage.expectTruth()
            }
        }

        @Test(.timeLimit(.minutes(10)), arguments: [false, true])
        func `a restore of yesterday's dump is made whole by the runbook's lines: nothing is missing, doubled or stale`(hasLostLeads: Bool)
            async throws
        {
            let page = try RunbookPage()
            let (dump, restore) = (page.commands(of: ["Backup"]), page.commands(of: ["Restore"]))
            #expect(dump.count == 1 && restore.count == 5)
            try await Stage.set(SimulatorConfiguration(leads: 700)) { stage in
                var worker = try await stage.worker(1)
                var scheduler = try await stage.scheduler(1)
                try await stage.settle()
                for command in dump { try await stage.shell(command.text) }

                // The world goes on: new leads, changed, deleted and merged ones, and a contact of a salesperson that Marketo is told about.
                let leads = stage.marketo.leads()
                stage.marketo.createLeads(count: 350)
                try stage.marketo.changeScore(leads[10..<40].map(\.id), by: 9)
                if hasLostLeads {
                    stage.marketo.delete([leads[50].id])
                    try stage.marketo.merge([leads[60].id], into: leads[61].id)
                }
                try await stage.follow("SELECT ops.sync_now('acme')")
                try await stage.pool.run(
                    script: "INSERT INTO crm.contacts (tenant_id, name, email) SELECT id, '新田 花子', 'hanako@new.example.jp' FROM sync.tenants")
                try await stage.until("SELECT EXISTS (SELECT FROM crm.contacts WHERE email = 'hanako@new.example.jp' AND lead_id IS NOT NULL)")
                try await stage.settle()
                for child in [worker, scheduler] {
                    child.terminate()
                    #expect(await child.ended(within: .seconds(30)) == .exited(0))
                }

                for command in restore.prefix(2) { try await stage.shell(command.text) }
                #expect(try await stage.count("SELECT count(*) FROM crm.contacts WHERE email = 'hanako@new.example.jp'") == 0)
                // What the dump did not have is created again by the salesperson; its lead is there already.
                try await stage.pool.run(
                    script: "INSERT INTO crm.contacts (tenant_id, name, email) SELECT id, '新田 花子', 'hanako@new.example.jp' FROM sync.tenants")
                worker = try await stage.worker(2)
                scheduler = try await stage.scheduler(2)
                for command in restore.dropFirst(2) { try await stage.shell(command.text) }
                try await stage.settle()
                // What deleted and merged leads leave here is reconcile's to judge; the other looks at living ones.
                let left = try await stage.reconcile()
                #expect(left.ending == .exited(0) && left.found == [:], "\(left.said)")
                if !hasLostLeads { try await stage.expectTruth() }
                #expect(stage.marketo.leads().filter { $0.email == "hanako@new.example.jp" }.count == 1)
                #expect(worker.ending == nil && scheduler.ending == nil)
            }
        }
    }
}
