import Postgres
import TestKit
import Testing

@testable import Store

/// Promise 11, R64: Lead ID, Lead Score and Acquisition Date are written by nobody but the sync.
@Suite struct GuardTests {
    @Test(arguments: ["lead_id = 7", "lead_score = 7", "acquisition_date = now()", "lead_id = NULL", "name = 'b', lead_score = 8"])
    func `R64, promise 11: the database's owner can't update a field of the sync`(assignment: String) async throws {
        try await withStore { store in
            try await Self.insertLinked(store)
            let error = await store.failure("UPDATE crm.contacts SET \(assignment)")
            #expect(error?.sqlState == "42501")
            #expect(error?.detail.contains("written by the sync with Marketo alone") == true)
            #expect(try await store.text("SELECT lead_id || '/' || lead_score || '/' || name FROM crm.contacts") == "1/5/a")
        }
    }

    @Test(arguments: ["lead_id", "lead_score"])
    func `R64, promise 11: nor insert a contact that has one`(column: String) async throws {
        try await withStore { store in
            let row = "INSERT INTO crm.contacts (tenant_id, name, \(column)) VALUES (\(store.acme), 'a', 7)"
            #expect(await store.failure(row)?.sqlState == "42501")
            #expect(await store.failure(row + " ON CONFLICT (id) DO UPDATE SET name = 'b'")?.sqlState == "42501")
            let stored = try await store.number("SELECT count(*) FROM crm.contacts")
            #expect(stored == 0)
        }
    }

    @Test func `R64, promise 11: COPY is held off as well, and so is a superuser who plays a replica`() async throws {
        try await withStore { store in
            let superuser = try TestDatabase.makePool(
                url: "postgresql://postgres@127.0.0.1:\(store.database.cluster.port)/\(store.database.name)")
            let copy = "COPY crm.contacts (tenant_id, name, lead_id) FROM PROGRAM 'printf \"\(store.acme)\\ta\\t7\\n\"'"
            for script in [copy, "SET session_replication_role = replica; " + copy] {
                let error = await #expect(throws: PostgresError.self) { try await superuser.run(script: script) }
                #expect(error?.sqlState == "42501")
            }
            await superuser.shutdown()
        }
    }

    @Test func `R64 a setting of the same name is no proof, nor is the proof of an earlier transaction or another connection`() async throws {
        try await withStore { store in
            try await Self.insertLinked(store)
            let change = "UPDATE crm.contacts SET lead_score = 6"
            #expect(await store.failure("SET kakehashi.sync_proof = 'on'; \(change)")?.sqlState == "42501")
            let earlier = """
                SELECT crm.write_as_sync();
                CREATE TEMP TABLE kept AS SELECT current_setting('kakehashi.sync_proof') AS proof;
                """
            try await store.pool.connection { connection in
                try await connection.run(script: "BEGIN; \(earlier) COMMIT")
                // The setting itself ended with its transaction; put back by hand, it proves nothing any more.
                let script = "BEGIN; SELECT set_config('kakehashi.sync_proof', proof, false) FROM kept; \(change); COMMIT"
                let error = await #expect(throws: PostgresError.self) { try await connection.run(script: script) }
                #expect(error?.sqlState == "42501")
                try await connection.run(script: "ROLLBACK; RESET kakehashi.sync_proof; DROP TABLE kept")
            }
            #expect(await store.failure("BEGIN; SELECT crm.write_as_sync(); COMMIT; \(change)")?.sqlState == "42501")
        }
    }

    @Test func `R64 the sync may, in its own transaction and as often as it likes`() async throws {
        try await withStore { store in
            try await Self.insertLinked(store)
            try await store.pool.transaction { transaction in
                try await transaction.execute(WriteAsSync())
                try await transaction.run(script: "UPDATE crm.contacts SET lead_score = 6")
                try await transaction.savepoint { try await $0.run(script: "UPDATE crm.contacts SET lead_score = NULL, lead_id = 9") }
            }
            #expect(try await store.text("SELECT lead_id || '/' || coalesce(lead_score::text, '-') FROM crm.contacts") == "9/-")
        }
    }

    @Test func `R64 what the sync does not own, anybody may write, also beside its values`() async throws {
        try await withStore { store in
            try await Self.insertLinked(store)
            try await store.run("UPDATE crm.contacts SET name = 'b', email = 'b@example.com', lead_id = 1, lead_score = 5")
            #expect(try await store.text("SELECT name FROM crm.contacts") == "b")
        }
    }

    @Test func `R64 a role without the owner's rights can neither write the fields nor prove itself`() async throws {
        try await withStore { store in
            try await Self.insertLinked(store)
            try await store.run(
                "GRANT USAGE ON SCHEMA crm TO locked; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA crm TO locked")
            let superuser = try TestDatabase.makePool(
                url: "postgresql://postgres@127.0.0.1:\(store.database.cluster.port)/\(store.database.name)")
            try await superuser.run(script: "SET ROLE locked; UPDATE crm.contacts SET name = 'c'")
            for script in ["UPDATE crm.contacts SET lead_score = 1", "SELECT crm.write_as_sync()", "SELECT crm.sync_proof()"] {
                let error = await #expect(throws: PostgresError.self) { try await superuser.run(script: "SET ROLE locked; \(script)") }
                #expect(error?.sqlState == "42501")
            }
            await superuser.shutdown()
        }
    }

    @Test func `a contact can't lend its lead to another by changing its id or its tenant`() async throws {
        try await withStore { store in
            try await Self.insertLinked(store)
            #expect(await store.failure("UPDATE crm.contacts SET id = id + 1")?.sqlState == "23001")
            #expect(await store.failure("UPDATE crm.contacts SET tenant_id = \(store.beta)")?.sqlState == "23001")
        }
    }

    /// One contact of acme with lead 1 and score 5.
    private static func insertLinked(_ store: StoreDatabase) async throws {
        try await store.pool.transaction { transaction in
            try await transaction.execute(WriteAsSync())
            try await transaction.run(
                script: "INSERT INTO crm.contacts (tenant_id, name, lead_id, lead_score) VALUES (\(store.acme), 'a', 1, 5)")
        }
    }
}
