import Simulator
import Testing

/// The facts that an explanation is made of: what, before, after, by which rule, from which run and job.
@Suite(.timeLimit(.minutes(20))) struct AuditTests {
    @Test func `each step of a lead's way is on record: made, given an account, held back, linked, changed`() async throws {
        try await Bridgehead.stand { bridge in
            let taro = try bridge.lead("taro@kou.example", last: "山田", company: "甲社", score: 5)
            let hanako = try bridge.lead("hanako@kou.example", last: "花子", company: "甲社")
            let jiro = try bridge.lead("not an address", last: "次郎")
            try await bridge.sql("INSERT INTO crm.contacts (tenant_id, name, email) VALUES (\(bridge.id), '前から', 'mae@otsu.example')")
            let mae = try bridge.lead("mae@otsu.example", last: "前", company: "乙社")
            try await bridge.load()
            let load = try await bridge.value("SELECT id FROM sync.runs WHERE kind = 'full'") ?? "-"
            func record(_ lead: Int64, _ what: String) async throws -> String? {
                try await bridge.value(
                    """
                    SELECT concat_ws('|', rule, coalesce(old::text, '-'), coalesce(new ->> 'lead_id', new ->> 'account_id', new ->> 'reason', '-'),
                        run_id, job_id IS NOT NULL)
                    FROM sync.audit WHERE lead_id = \(lead) AND what = '\(what)'
                    """)
            }
            #expect(try await record(taro, "contact_created") == "new|-|\(taro)|\(load)|t")
            #expect(try await bridge.value("SELECT new ->> 'name' FROM sync.audit WHERE lead_id = \(taro) AND what = 'contact_created'") == "山田")
            let account = try await bridge.value("SELECT id FROM crm.accounts WHERE name = '甲社'") ?? "-"
            let given =
                "SELECT count(DISTINCT lead_id) FROM sync.audit WHERE what IN ('account_linked', 'contact_created') AND account_id = \(account)"
            #expect(try await bridge.count("\(given) AND lead_id IN (\(taro), \(hanako))") == 2)
            #expect(try await bridge.value("SELECT rule FROM sync.audit WHERE account_id = \(account) AND what = 'account_created'") == "domain")
            #expect(try await record(jiro, "lead_quarantined") == "email_invalid|-|email_invalid|\(load)|t")
            #expect(try await record(mae, "contact_linked") == "email|-|\(mae)|\(load)|t")

            try bridge.marketo.changeScore([taro], by: 7)
            try await bridge.sweep()
            let sweep = try await bridge.value("SELECT max(id) FROM sync.runs WHERE kind = 'sweep'") ?? "-"
            let change = "SELECT concat(old ->> 'lead_score', '>', new ->> 'lead_score', ' ', rule, ' ', run_id) FROM sync.audit"
            let changed = try await bridge.value("\(change) WHERE lead_id = \(taro) AND what = 'contact_updated'")
            #expect(changed == "5>12 lead-id \(sweep)")
        }
    }
}
