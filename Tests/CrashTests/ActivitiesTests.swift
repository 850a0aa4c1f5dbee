import Fleet
import Foundation
import Postgres
import Simulator
import StageKit
import Testing

extension CrashTests {
    /// `kakehashi activities`: what a salesperson sees behind the "Marketo activities" bar.
    @Suite struct Activities {
        private static let day: Int64 = 86_400

        @Test(.timeLimit(.minutes(10)))
        func `R17, R19, R31, R57: web and mail activities of exactly two weeks, asked once in five minutes, and nothing of it becomes an action`()
            async throws
        {
            try await Stage.set(SimulatorConfiguration(leads: 5)) { stage in
                let lead = try await Self.registered(stage, "hanako@example.co.jp")
                let now = stage.marketo.now
                for (type, age, title) in [
                    (1, 60, "/pricing"), (10, 3_600, "News 第1号"), (27, 14 * Self.day - 600, "Just young enough"), (2, 14 * Self.day + 600, "Too old"),
                    (13, 60, "No web, no mail"),
                ] {
                    stage.marketo.add(
                        Activity(
                            type: type, lead: lead, date: now - age, primaryID: 7, primaryValue: title, attributes: [.init("Device", .string("PC"))]))
                }
                let contact = try #require(try await stage.value("SELECT id FROM crm.contacts WHERE lead_id = \(lead)"))
                let before = stage.marketo.evidence.counted
                let told = try await stage.kakehashi("activities", Stage.tenant, "--contact", contact, "--json")
                #expect(told.ending == .exited(0), "\(told.said)")
                let document = try Self.document(told.said)
                let items = document["items"] as? [[String: Any]] ?? []
                #expect(items.map { $0["title"] as? String } == ["/pricing", "News 第1号", "Just young enough"])
                #expect(items.map { $0["channel"] as? String } == ["web", "mail", "mail"])
                #expect(items.first?["type"] as? String == "Visit Webpage" && items.first?["lead_id"] as? Int == Int(lead))
                #expect((items.first?["attributes"] as? [String: String]) == ["Device": "PC"])
                #expect(document["partial"] as? Bool == false)
                // A token and a page.
                #expect(stage.marketo.evidence.counted == before + 2)
                let again = try await stage.kakehashi("activities", Stage.tenant, "--contact", contact)
                #expect(again.said.contains("Web history") && again.said.contains("Email Bounced Soft"), "\(again.said)")
                #expect(stage.marketo.evidence.counted == before + 2, "asked again within five minutes")
                #expect(try await stage.count("SELECT count(*) FROM crm.actions") == 0)

                // Paused for the quota: what is kept, said to be partial; nothing kept: 75.
                try await stage.pool.run(script: "UPDATE sync.call_budgets SET spent_until = now() + interval '1 hour'")
                let paused = try await stage.kakehashi("activities", Stage.tenant, "--contact", contact, "--json")
                #expect(paused.ending == .exited(0), "\(paused.said)")
                #expect(try Self.document(paused.said)["partial"] as? Bool == true)
                // Marketo's own word in the middle of a click, when no pause is known yet: after the token, and so before anything was read.
                try await stage.pool.run(script: "UPDATE sync.call_budgets SET spent_until = NULL; UPDATE sync.activity_reads SET is_whole = false")
                stage.marketo.limits.callsPerDay = stage.marketo.callsToday + 1
                let spent = try await stage.kakehashi("activities", Stage.tenant, "--contact", contact, "--json")
                #expect(spent.ending == .exited(0), "\(spent.said)")
                let kept = try Self.document(spent.said)
                #expect(kept["partial"] as? Bool == true && (kept["items"] as? [Any])?.count == 3, "\(spent.said)")
                try await stage.pool.run(script: "UPDATE sync.call_budgets SET spent_until = NULL; DELETE FROM sync.activity_reads")
                stage.marketo.limits.callsPerDay = stage.marketo.callsToday + 1
                let unread = try await stage.kakehashi("activities", Stage.tenant, "--contact", contact, "--json")
                #expect(unread.ending == .exited(75), "\(unread.said)")
                #expect(try await stage.count("SELECT count(*) FROM sync.activity_reads") == 0)
                let nothing = try await stage.kakehashi("activities", Stage.tenant, "--contact", contact, "--json")
                #expect(nothing.ending == .exited(75) && nothing.said.contains("spent"), "\(nothing.said)")
            }
        }

        @Test(.timeLimit(.minutes(10)))
        func `R18, R19: a deal's action contacts are asked for together, and five calls are all that a click may cost`() async throws {
            try await Stage.set(SimulatorConfiguration(leads: 40)) { stage in
                try await stage.worker(1)
                try await stage.settle()
                try await stage.pool.run(
                    script: """
                        INSERT INTO crm.deals (tenant_id, id, name) SELECT tenants.id, 1, '橋の案件' FROM sync.tenants;
                        INSERT INTO crm.actions (tenant_id, id, deal_id, kind, status) SELECT tenants.id, 1, 1, '面談', '予定' FROM sync.tenants;
                        INSERT INTO crm.action_contacts (action_id, contact_id) SELECT 1, contacts.id FROM crm.contacts LIMIT 30;
                        """)
                try await stage.settle()
                let leads = try await stage.count(
                    "SELECT count(DISTINCT lead_id) FROM crm.action_contacts JOIN sync.lead_links USING (contact_id) WHERE state = 'active'")
                let lead = Int64(try await stage.count("SELECT min(lead_id) FROM crm.action_contacts JOIN sync.lead_links USING (contact_id)"))
                stage.marketo.add(Activity(type: 1, lead: lead, date: stage.marketo.now - 60, primaryID: 1, primaryValue: "/bridge"))
                let before = stage.marketo.evidence.counted
                let told = try Self.document(try await stage.kakehashi("activities", Stage.tenant, "--deal", "1", "--json").said)
                #expect((told["items"] as? [[String: Any]])?.contains { $0["title"] as? String == "/bridge" } == true)
                #expect(stage.marketo.evidence.counted == before + 1 + (leads + 29) / 30)

                // Pages that come empty and never end.
                try await stage.pool.run(script: "DELETE FROM sync.activity_reads")
                stage.marketo.add(FaultRule(.emptyPage, path: "/rest/v1/activities.json"))
                let endless = stage.marketo.evidence.counted
                let partial = try await stage.kakehashi("activities", Stage.tenant, "--deal", "1", "--json")
                #expect(partial.ending == .exited(0), "\(partial.said)")
                #expect(try Self.document(partial.said)["partial"] as? Bool == true)
                #expect(stage.marketo.evidence.counted == endless + 5)
            }
        }

        @Test(.timeLimit(.minutes(10)))
        func `activities says in one sentence what it can't show`() async throws {
            try await Stage.set(SimulatorConfiguration(leads: 1)) { stage in
                for (arguments, code, words) in [
                    (["--contact", "999"], 1 as Int32, "There is no contact 999"), (["--deal", "999"], 1, "There is no deal 999"), ([], 64, "--deal"),
                    (["--contact", "1", "--deal", "1"], 64, "--contact"), (["--contact", "x"], 64, "whole number"),
                ] {
                    let refused = try await stage.run("kakehashi", ["activities", Stage.tenant] + arguments)
                    #expect(refused.ending == .exited(code) && refused.said.contains(words), "\(arguments): \(refused.said)")
                }
            }
        }

        private static func registered(_ stage: Stage, _ email: String) async throws -> Int64 {
            let lead = try stage.marketo.createLead(["email": .string(email), "lastName": .string("花子"), "company": .string("橋社")])
            try await stage.worker(1)
            try await stage.settle()
            return lead
        }

        private static func document(_ text: String) throws -> [String: Any] {
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
        }
    }
}
