import Fleet
import Foundation
import Postgres
import Simulator
import StageKit
import Testing

extension CrashTests {
    /// `kakehashi explain`: the story of one person, told from what real workers did.
    @Suite struct Explain {
        @Test(.timeLimit(.minutes(10)))
        func `explain tells what was read, decided, made, sent and refused, in order, in both languages, by lead, contact or address`() async throws {
            try await Stage.set(SimulatorConfiguration(leads: 5), settings: ["coalesce-seconds": "1"]) { stage in
                let lead = try stage.marketo.createLead([
                    "email": .string("taro@example.co.jp"), "lastName": .string("山田"), "firstName": .string("太郎"), "company": .string("橋社"),
                ])
                try await stage.worker(1)
                try await stage.settle()
                let contact = try #require(try await stage.value("SELECT id FROM crm.contacts WHERE lead_id = \(lead)"))
                try await stage.pool.run(
                    script: """
                        INSERT INTO crm.phases (tenant_id, id, name) SELECT tenants.id, 1, '商談' FROM sync.tenants;
                        INSERT INTO crm.deals (tenant_id, id, name, phase_id) SELECT tenants.id, 1, '橋の案件', 1 FROM sync.tenants;
                        INSERT INTO crm.actions (tenant_id, id, deal_id, kind, status) SELECT tenants.id, 1, 1, '面談', '完了' FROM sync.tenants;
                        INSERT INTO crm.action_contacts (action_id, contact_id) VALUES (1, \(contact));
                        UPDATE crm.contacts SET email = '\(String(repeating: "x", count: 300))@example.co.jp' WHERE id = \(contact);
                        """)
                try await stage.until(
                    "(SELECT count(*) = 2 FROM ops.pushes WHERE state = 'acked') AND EXISTS (SELECT FROM ops.pushes WHERE state = 'refused')")
                let told = try await stage.kakehashi("explain", Stage.tenant, "--lead", "\(lead)", "--json")
                #expect(told.ending == .exited(0), "\(told.said)")
                let kinds = try Self.kinds(told.said)
                for kind in [
                    "contact_created", "lead_read", "user_action_contact_added", "user_contact_edited", "pushed", "push_refused", "push_now",
                ] {
                    #expect(kinds.contains(kind), "\(kind) in \(kinds)")
                }
                let order = ["contact_created", "user_action_contact_added", "pushed"].map { kinds.firstIndex(of: $0) ?? -1 }
                #expect(order == order.sorted())
                // Whoever asks by the contact or the address is told the same.
                #expect(try Self.kinds(try await stage.kakehashi("explain", Stage.tenant, "--contact", contact, "--json").said) == kinds)

                let japanese = try await stage.kakehashi("explain", Stage.tenant, "--contact", contact, "--lang", "ja").said
                #expect(japanese.contains("リード \(lead) からコンタクト「山田 太郎」を作成しました"), "\(japanese)")
                #expect(japanese.contains("案件「橋の案件」(フェーズ「商談」)のアクション(面談・完了)のアクションコンタクトに登録されました。"), "\(japanese)")
                #expect(japanese.contains("のフェーズを「商談」に更新しました。"), "\(japanese)")
                let english = try await stage.kakehashi("explain", Stage.tenant, "--contact", contact, "--lang", "en").said
                #expect(english.contains("Marketo's lead \(lead) shows the lead status “面談”."), "\(english)")
            }
        }

        @Test(.timeLimit(.minutes(10)))
        func `explain says in one sentence what it can't tell`() async throws {
            try await Stage.set(SimulatorConfiguration(leads: 1)) { stage in
                let nobody = try await stage.kakehashi("explain", Stage.tenant, "--lead", "99")
                #expect(nobody.ending == .exited(1) && nobody.said.contains("Nothing is known of the lead 99"), "\(nobody.said)")
                let two = try await stage.kakehashi("explain", Stage.tenant, "--lead", "1", "--contact", "1")
                #expect(two.ending == .exited(64) && two.said.contains("--email"), "\(two.said)")
                let language = try await stage.kakehashi("explain", Stage.tenant, "--lead", "1", "--lang", "fr")
                #expect(language.ending == .exited(64) && language.said.contains("en or ja"), "\(language.said)")
            }
        }

        private static func kinds(_ document: String) throws -> [String] {
            let all = try JSONSerialization.jsonObject(with: Data(document.utf8)) as? [String: Any]
            return (all?["events"] as? [[String: Any]] ?? []).compactMap { $0["kind"] as? String }
        }
    }
}
