import Postgres
import TestKit
import Testing

@testable import Store

/// The tables of the Mazrica side, as CONTRACT 4 promises them.
@Suite struct RecordTests {
    @Test(arguments: ["accounts", "contacts", "deals"])
    func `a row in which nothing changes keeps its updated_at, one that changes moves it`(table: String) async throws {
        try await withStore { store in
            try await store.run("INSERT INTO crm.\(table) (tenant_id, name, updated_at) VALUES (\(store.acme), 'a', '2020-01-01Z')")
            let kept = "SELECT updated_at = '2020-01-01Z' FROM crm.\(table)"
            try await store.run("UPDATE crm.\(table) SET name = name, created_at = created_at")
            #expect(try await store.text(kept) == "true")
            try await store.run("UPDATE crm.\(table) SET name = 'b'")
            #expect(try await store.text(kept) == "false")
        }
    }

    @Test func `each column of a contact counts as a change`() async throws {
        try await withStore { store in
            try await store.run(
                """
                INSERT INTO crm.accounts (tenant_id, id, name) VALUES (\(store.acme), 1, 'a');
                INSERT INTO crm.contacts (tenant_id, name) VALUES (\(store.acme), 'a');
                """)
            for change in [
                "account_id = 1", "name = 'b'", "email = 'b'", "phone = 'b'", "mobile_phone = 'b'", "department = 'b'", "title = 'b'",
                "lead_id = 1", "lead_score = 1", "acquisition_date = now()", "created_at = '2000-01-01Z'", "deleted_at = now()",
            ] {
                let before = try await store.text("SELECT updated_at FROM crm.contacts")
                try await store.run("BEGIN; SELECT crm.write_as_sync(); UPDATE crm.contacts SET \(change); COMMIT")
                #expect(try await store.text("SELECT updated_at FROM crm.contacts") != before, "\(change)")
            }
        }
    }

    @Test func `ids and times may be given, or come by themselves`() async throws {
        try await withStore { store in
            try await store.run(
                """
                INSERT INTO crm.contacts (id, tenant_id, name, created_at) VALUES (900, \(store.acme), 'a', '2001-02-03Z');
                INSERT INTO crm.contacts (tenant_id, name) VALUES (\(store.acme), 'b');
                """)
            #expect(try await store.text("SELECT created_at AT TIME ZONE 'UTC' FROM crm.contacts WHERE id = 900") == "2001-02-03 00:00:00")
            #expect(try await store.number("SELECT count(*) FROM crm.contacts WHERE id <> 900 AND created_at = updated_at") == 1)
        }
    }

    @Test(arguments: ["accounts", "contacts", "deals"])
    func `an id that was given is never generated again`(table: String) async throws {
        try await withStore { store in
            try await store.run("INSERT INTO crm.\(table) (tenant_id, id, name) SELECT \(store.acme), i, 'a' FROM generate_series(1, 300) AS i")
            try await store.run("INSERT INTO crm.\(table) (tenant_id, name) SELECT \(store.acme), 'b' FROM generate_series(1, 1000) AS i")
            let first = try await store.number("SELECT min(id) FROM crm.\(table) WHERE name = 'b'")
            #expect(first > 300)
            // Drawing goes on from there without further leaps.
            #expect(try await store.number("SELECT max(id) FROM crm.\(table)") == first + 999)
            try await store.run("INSERT INTO crm.\(table) (tenant_id, id, name) VALUES (\(store.acme), 9223372036854775807, 'c')")
            try await store.run("INSERT INTO crm.\(table) (tenant_id, name) VALUES (\(store.acme), 'd')")
        }
    }

    @Test func `a record can't belong to a tenant that is not there, nor point to a record of another tenant`() async throws {
        try await withStore { store in
            try await store.run(
                """
                INSERT INTO crm.accounts (tenant_id, id, name) VALUES (\(store.beta), 1, 'a');
                INSERT INTO crm.phases (tenant_id, id, name, position) VALUES (\(store.beta), 1, '提案', 1);
                INSERT INTO crm.deals (tenant_id, id, name) VALUES (\(store.beta), 1, 'd');
                INSERT INTO crm.contacts (tenant_id, id, name) VALUES (\(store.beta), 1, 'c');
                INSERT INTO crm.actions (tenant_id, id, kind, status) VALUES (\(store.acme), 1, '面談', '予定');
                """)
            for script in [
                "INSERT INTO crm.contacts (tenant_id, name) VALUES (999, 'a')",
                "INSERT INTO crm.phases (tenant_id, name) VALUES (999, 'a')",
                "INSERT INTO crm.contacts (tenant_id, name, account_id) VALUES (\(store.acme), 'a', 1)",
                "INSERT INTO crm.deals (tenant_id, name, phase_id) VALUES (\(store.acme), 'a', 1)",
                "INSERT INTO crm.deals (tenant_id, name, account_id) VALUES (\(store.acme), 'a', 1)",
                "INSERT INTO crm.actions (tenant_id, deal_id, kind, status) VALUES (\(store.acme), 1, '面談', '予定')",
                "INSERT INTO crm.action_contacts (action_id, contact_id) VALUES (1, 1)",
                "INSERT INTO crm.action_contacts (tenant_id, action_id, contact_id) VALUES (\(store.beta), 1, 1)",
                "INSERT INTO crm.action_contacts (action_id, contact_id) VALUES (77, 1)",
            ] {
                let error = await store.failure(script)
                #expect(error?.sqlState == "23503", "\(script): \(error?.detail ?? "done")")
            }
        }
    }

    @Test func `an action has one of five kinds, one of two states, and hangs on one thing at most`() async throws {
        try await withStore { store in
            try await store.run("INSERT INTO crm.deals (tenant_id, id, name) VALUES (\(store.acme), 1, 'd')")
            try await store.run("INSERT INTO crm.contacts (tenant_id, id, name) VALUES (\(store.acme), 1, 'c')")
            for kind in ["面談", "メール", "電話", "社内タスク", "社外タスク"] {
                try await store.run("INSERT INTO crm.actions (tenant_id, kind, status) VALUES (\(store.acme), '\(kind)', '完了')")
            }
            for values in ["'会議', '予定', NULL, NULL", "'面談', '中止', NULL, NULL", "'面談', '予定', 1, 1"] {
                let script = "INSERT INTO crm.actions (tenant_id, kind, status, deal_id, contact_id) VALUES (\(store.acme), \(values))"
                #expect(await store.failure(script)?.sqlState == "23514", "\(values)")
            }
            for table in ["accounts", "contacts", "phases", "deals"] {
                #expect(await store.failure("INSERT INTO crm.\(table) (tenant_id) VALUES (\(store.acme))")?.sqlState == "23502")
            }
        }
    }

    @Test func `a deleted deal takes its actions with it; a merged one leaves them to the target if they are carried`() async throws {
        try await withStore { store in
            try await store.run(
                """
                INSERT INTO crm.contacts (tenant_id, id, name) VALUES (\(store.acme), 1, 'c');
                INSERT INTO crm.deals (tenant_id, id, name) SELECT \(store.acme), i, 'd' FROM generate_series(1, 4) AS i;
                INSERT INTO crm.deals (tenant_id, id, name) VALUES (\(store.beta), 9, 'd');
                INSERT INTO crm.actions (tenant_id, id, deal_id, kind, status) SELECT \(store.acme), i, i, '面談', '完了' FROM generate_series(1, 3) AS i;
                INSERT INTO crm.action_contacts (action_id, contact_id) SELECT i, 1 FROM generate_series(1, 3) AS i;
                """)
            #expect(try await store.number("SELECT crm.merge_deals(1, 4, true)") == 1)
            #expect(try await store.number("SELECT crm.merge_deals(2, 4, false)") == 0)
            try await store.run("DELETE FROM crm.deals WHERE id = 3")
            #expect(try await store.texts("SELECT id || ':' || deal_id FROM crm.actions") == ["1:4"])
            #expect(try await store.texts("SELECT action_id FROM crm.action_contacts") == ["1"])
            #expect(await store.failure("SELECT crm.merge_deals(4, 9, true)")?.sqlState == "22023")
            #expect(await store.failure("SELECT crm.merge_deals(4, 4, true)")?.sqlState == "22023")
            #expect(await store.failure("SELECT crm.merge_deals(4, 77, true)")?.sqlState == "P0002")
        }
    }

    @Test(arguments: ["DELETE FROM crm.contacts", "UPDATE crm.contacts SET deleted_at = now()"])
    func `R62 who may delete contacts needs no rights on the sync's own tables`(deletion: String) async throws {
        try await withStore { store in
            try await store.run(
                """
                BEGIN; SELECT crm.write_as_sync();
                INSERT INTO crm.contacts (tenant_id, id, name, lead_id) VALUES (\(store.acme), 5, 'c', 12); COMMIT;
                INSERT INTO sync.lead_links (tenant_id, lead_id, contact_id, is_primary, rule, observed_at, snapshot)
                    VALUES (\(store.acme), 12, 5, true, 'new', now(), 1);
                """)
            let superuser = try TestDatabase.makePool(url: "postgresql://postgres@127.0.0.1:\(store.database.cluster.port)/\(store.database.name)")
            let clerk = "clerk_\(store.database.name)"
            try await superuser.run(
                script: """
                    CREATE ROLE \(clerk); GRANT USAGE ON SCHEMA crm TO \(clerk); GRANT SELECT, UPDATE, DELETE ON crm.contacts TO \(clerk);
                    SET ROLE \(clerk); \(deletion); RESET ROLE; DROP OWNED BY \(clerk); DROP ROLE \(clerk)
                    """)
            await superuser.shutdown()
            #expect(try await store.text("SELECT state FROM sync.lead_links") == "contact_deleted")
        }
    }

    @Test func `a deleted account leaves its contacts`() async throws {
        try await withStore { store in
            try await store.run(
                """
                INSERT INTO crm.accounts (tenant_id, id, name) VALUES (\(store.acme), 1, 'a');
                INSERT INTO crm.contacts (tenant_id, account_id, name) VALUES (\(store.acme), 1, 'c');
                DELETE FROM crm.accounts;
                """)
            #expect(try await store.number("SELECT count(*) FROM crm.contacts WHERE account_id IS NULL") == 1)
        }
    }
}
