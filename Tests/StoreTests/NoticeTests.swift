import Postgres
import Store
import Sync
import Testing

/// Changes are noticed in the writer's own transaction, whoever writes and however, and nobody waits for it.
@Suite struct NoticeTests {
    private static let story = "SELECT string_agg(kind, ' ' ORDER BY seq) FROM sync.contact_events WHERE contact_id = 1"

    @Test func `R3, R58: each insert, update and delete of a contact is told, by its statement's own transaction`() async throws {
        try await DealStage.stand { stage in
            try await stage.run(
                """
                BEGIN; UPDATE crm.contacts SET name = 'x'; ROLLBACK;
                UPDATE crm.contacts SET name = '山田 花子', phone = '1' WHERE id = 1;
                UPDATE crm.contacts SET name = name WHERE id = 1;
                UPDATE crm.contacts SET deleted_at = now() WHERE id = 1;
                UPDATE crm.contacts SET deleted_at = NULL WHERE id = 1;
                DELETE FROM crm.contacts WHERE id = 1;
                """)
            #expect(
                try await stage.store.text(Self.story) == "contact_created contact_edited contact_deleted contact_restored contact_deleted")
            #expect(
                try await stage.store.text("SELECT fields::text FROM sync.contact_events WHERE kind = 'contact_edited'") == "{name,phone}")
            // One job for each statement that is news, none for the others.
            #expect(try await stage.store.number("SELECT count(*) FROM jobs.job WHERE kind = 'note-changes'") == 6 - 1)
        }
    }

    @Test func `what the sync writes is no news: no echo of what came from Marketo`() async throws {
        try await DealStage.stand { stage in
            let before = try await stage.store.text("SELECT max(seq) FROM sync.contact_events")
            try await stage.run(
                """
                BEGIN; SELECT crm.write_as_sync();
                INSERT INTO crm.contacts (tenant_id, id, name, lead_id) VALUES ($t, 9, '新', 9);
                UPDATE crm.contacts SET lead_id = 8, name = 'y' WHERE id = 9; COMMIT;
                """)
            #expect(try await stage.store.text("SELECT max(seq) FROM sync.contact_events") == before)
            #expect(try await stage.project().isEmpty)
        }
    }

    @Test func `deals, actions and phases have their story too, each change once`() async throws {
        try await DealStage.stand { stage in
            try await stage.attach(1, to: 1, action: 1)
            try await stage.run(
                """
                UPDATE crm.actions SET status = '完了'; UPDATE crm.actions SET status = '予定'; UPDATE crm.actions SET deal_id = 2;
                UPDATE crm.phases SET name = '初回' WHERE id = 1; UPDATE crm.phases SET position = 4 WHERE id = 1; DELETE FROM crm.phases WHERE id = 4;
                UPDATE crm.deals SET phase_id = 2 WHERE id = 2; DELETE FROM crm.deals WHERE id = 2;
                """)
            let heads = "SELECT string_agg(kind, ' ' ORDER BY seq) FROM sync.contact_events WHERE contact_id = 0 AND seq > 10"
            #expect(
                try await stage.store.text(heads)
                    == "action_created action_completed action_reopened action_moved phase_renamed phase_deleted phase_changed deal_deleted action_deleted"
            )
            #expect(
                try await stage.store.text(Self.story)
                    == "contact_created action_contact_added action_completed action_moved phase_changed deal_deleted action_contact_removed")
        }
    }

    @Test func `a tenant that is no tenant of the sync has no story`() async throws {
        try await withStore { store in
            try await store.run("INSERT INTO crm.contacts (tenant_id, name) VALUES (\(store.beta), 'x'); UPDATE crm.contacts SET name = 'y'")
            #expect(try await store.number("SELECT count(*) FROM sync.contact_events") == 0)
            #expect(try await store.number("SELECT count(*) FROM jobs.job") == 0)
        }
    }

    @Test func `R21: two that change the same contacts from both sides, in opposite order, never wait for each other`() async throws {
        try await DealStage.stand { stage in
            for contact in 1...3 { try await stage.attach(1, 2, 3, to: contact, action: contact) }
            try await stage.store.pool.connection { one in
                try await stage.store.pool.connection { other in
                    try await one.run(script: "BEGIN; UPDATE crm.deals SET phase_id = 2 WHERE id = 1")
                    // Were one of them to wait for the other, this would end by its time-out.
                    try await other.run(script: "SET lock_timeout = '5s'; BEGIN; UPDATE crm.deals SET phase_id = 3 WHERE id = 2")
                    try await other.run(script: "UPDATE crm.actions SET status = '完了' WHERE id = 3")
                    try await one.run(script: "SET lock_timeout = '5s'; UPDATE crm.actions SET status = '完了' WHERE id = 2")
                    try await other.run(script: "INSERT INTO crm.action_contacts SELECT tenant_id, 3, id FROM crm.contacts ON CONFLICT DO NOTHING")
                    try await other.run(script: "COMMIT; RESET lock_timeout")
                    try await one.run(script: "COMMIT; RESET lock_timeout")
                }
            }
            // The later event of each contact counts, whoever committed first.
            for contact in 1...3 {
                #expect(try await stage.phase(of: contact) == "見積")
                #expect(try await stage.status(of: contact) == "電話")
            }
        }
    }

    @Test(arguments: [true, false])
    func `R20, R21: a contact registered while the deal's phase changes gets the new phase, whoever commits first`(phaseFirst: Bool) async throws {
        try await DealStage.stand { stage in
            try await stage.run("INSERT INTO crm.actions (tenant_id, id, deal_id, kind, status) VALUES ($t, 1, 1, '電話', '予定')")
            try await Self.interleave(
                stage, phaseFirst, "UPDATE crm.deals SET phase_id = 2 WHERE id = 1",
                "INSERT INTO crm.action_contacts (action_id, contact_id) VALUES (1, 1)")
            #expect(try await stage.desired("phase", of: 1) == "提案")
        }
    }

    @Test(arguments: [true, false])
    func `R54: a contact registered while the action is completed has its kind, whoever commits first`(completedFirst: Bool) async throws {
        try await DealStage.stand { stage in
            try await stage.run("INSERT INTO crm.actions (tenant_id, id, deal_id, kind, status) VALUES ($t, 1, 1, '電話', '予定')")
            try await Self.interleave(
                stage, completedFirst, "UPDATE crm.actions SET status = '完了' WHERE id = 1",
                "INSERT INTO crm.action_contacts (action_id, contact_id) VALUES (1, 1)")
            #expect(try await stage.desired("status", of: 1) == "電話")
        }
    }

    /// Two statements in transactions that are open at once; each part of the story is looked at as soon as it is committed.
    private static func interleave(_ stage: DealStage, _ firstCommitsFirst: Bool, _ first: String, _ second: String) async throws {
        try await stage.store.pool.connection { one in
            try await stage.store.pool.connection { other in
                try await one.run(script: "BEGIN; " + first)
                try await other.run(script: "BEGIN; " + second)
                try await (firstCommitsFirst ? one : other).run(script: "COMMIT")
                try await Self.projectJobs(stage)
                try await (firstCommitsFirst ? other : one).run(script: "COMMIT")
                try await Self.projectJobs(stage)
            }
        }
    }

    /// Looks at the parts that the jobs name, and ends the jobs.
    private static func projectJobs(_ stage: DealStage) async throws {
        let parts = try await stage.store.texts("SELECT payload ->> 'from' || '-' || (payload ->> 'to') FROM jobs.job WHERE kind = 'note-changes'")
        try await stage.run("DELETE FROM jobs.job WHERE kind = 'note-changes'")
        let ranges = parts.compactMap { part -> EventRange? in
            let ends = (part ?? "").split(separator: "-").compactMap { Int64($0) }
            return ends.count == 2 ? EventRange(first: ends[0], last: ends[1]) : nil
        }
        try await stage.project(ranges)
    }

    @Test func `an import of 100,000 contacts is told in one job, each contact once`() async throws {
        try await DealStage.stand { stage in
            try await stage.run("INSERT INTO crm.contacts (tenant_id, name) SELECT $t, 'x' || i FROM generate_series(1, 100000) AS i")
            #expect(try await stage.store.number("SELECT count(*) FROM sync.contact_events WHERE kind = 'contact_created'") == 100_003)
            #expect(try await stage.store.number("SELECT count(*) FROM jobs.job") == 2)
        }
    }

    @Test func `R58, R59, D8: who gets a lead: new, with an address, not deleted; from before set-up on request only`() async throws {
        try await DealStage.stand { stage in
            try await stage.run(
                """
                INSERT INTO crm.contacts (tenant_id, id, name, email) VALUES ($t, 4, 'old', 'old@example.com');
                UPDATE sync.tenants SET started_at = clock_timestamp();
                INSERT INTO crm.contacts (tenant_id, id, name, email, deleted_at)
                VALUES ($t, 5, 'a', 'a@example.com', NULL), ($t, 6, 'b', '  ', NULL), ($t, 7, 'c', 'c@example.com', now());
                UPDATE crm.contacts SET title = '部長' WHERE id = 4;
                """)
            #expect(try await stage.project().map(\.rawValue) == [5])
            try await stage.run("UPDATE crm.contacts SET email = 'b@example.com' WHERE id = 6")
            #expect(try await stage.project().map(\.rawValue) == [5, 6])
            try await stage.run("UPDATE sync.tenants SET settings = '{\"push-existing\":\"on\"}'")
            #expect(try await stage.project().map(\.rawValue) == [4, 5, 6])
        }
    }
}
