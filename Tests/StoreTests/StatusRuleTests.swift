import Sync
import Testing

/// Which activity a lead's status shows, through the tables themselves, with plain SQL.
@Suite struct StatusRuleTests {
    @Test func `R53, R54: planned says nothing; completed counts from the moment when both are true, in either order`() async throws {
        try await DealStage.stand { stage in
            try await stage.attach(1, to: 1, action: 1, kind: "面談", status: "予定")
            try await stage.run("INSERT INTO crm.actions (tenant_id, id, deal_id, kind, status) VALUES ($t, 2, 1, '電話', '完了')")
            #expect(try await stage.status() == nil)
            try await stage.run("UPDATE crm.actions SET status = '完了' WHERE id = 1")
            #expect(try await stage.status() == "面談")
            try await stage.run("INSERT INTO crm.action_contacts (action_id, contact_id) VALUES (2, 1)")
            #expect(try await stage.status() == "電話")
        }
    }

    @Test(arguments: ["面談", "メール", "電話", "社内タスク", "社外タスク"])
    func `R55: each kind is sent as it is written`(kind: String) async throws {
        try await DealStage.stand { stage in
            try await stage.attach(1, to: 1, action: 1, kind: kind, status: "完了")
            #expect(try await stage.status() == kind)
        }
    }

    @Test func `R54: completed and taken back is not reverted; completed again counts again`() async throws {
        try await DealStage.stand { stage in
            try await stage.attach(1, to: 1, action: 1, kind: "面談", status: "完了")
            try await stage.attach(1, to: 1, action: 2, kind: "電話", status: "完了")
            try await stage.run("UPDATE crm.actions SET status = '予定'")
            #expect(try await stage.status() == "電話")
            try await stage.run("UPDATE crm.actions SET status = '完了' WHERE id = 1")
            #expect(try await stage.status() == "面談")
            try await stage.run("DELETE FROM crm.actions")
            #expect(try await stage.status() == "面談")
        }
    }

    @Test func `R56, D7: of 面談, メール, 電話 the last event counts, whatever the times of the actions`() async throws {
        try await DealStage.stand { stage in
            try await stage.attach(1, to: 1, action: 1, kind: "面談", status: "完了", ends: "2026-03-03")
            try await stage.attach(1, to: 1, action: 2, kind: "メール", status: "完了", ends: "2026-02-02")
            try await stage.attach(1, to: 1, action: 3, kind: "電話", status: "完了", ends: "2026-01-01")
            #expect(try await stage.status() == "電話")
        }
    }

    @Test func `R56: a completed action whose kind is corrected shows the corrected one, and takes no later one's place`() async throws {
        try await DealStage.stand { stage in
            try await stage.attach(1, to: 1, action: 1, kind: "面談", status: "完了")
            #expect(try await stage.status() == "面談")
            try await stage.run("UPDATE crm.actions SET kind = 'メール' WHERE id = 1")
            #expect(try await stage.status() == "メール")
            try await stage.attach(1, to: 1, action: 2, kind: "電話", status: "完了")
            #expect(try await stage.status() == "電話")
            try await stage.run("UPDATE crm.actions SET kind = '面談' WHERE id = 1")
            #expect(try await stage.status() == "電話")
        }
    }

    @Test func `D7: of several in one statement the action that ends last counts`() async throws {
        try await DealStage.stand { stage in
            try await stage.run(
                """
                INSERT INTO crm.actions (tenant_id, id, kind, status, ends_at)
                VALUES ($t, 1, '面談', '予定', '2026-03-03'), ($t, 2, 'メール', '予定', '2026-02-02'), ($t, 3, '電話', '予定', NULL);
                INSERT INTO crm.action_contacts (action_id, contact_id) VALUES (3, 1), (1, 1), (2, 1);
                UPDATE crm.actions SET status = '完了';
                """)
            #expect(try await stage.status() == "面談")
            try await stage.run("INSERT INTO crm.action_contacts (action_id, contact_id) VALUES (1, 2), (2, 2), (3, 2)")
            #expect(try await stage.status(of: 2) == "面談")
        }
    }
}
