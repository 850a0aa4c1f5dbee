import TestKit
import Testing

@testable import Postgres

@Suite(.timeLimit(.minutes(10))) struct MigratorTests {
    static let three = [
        Migration(number: 1, name: "0001_a", sql: "CREATE TABLE a (id bigint); SELECT pg_sleep(0.05);", breaking: true),
        Migration(number: 2, name: "0002_b", sql: "CREATE TABLE b (id bigint);\nINSERT INTO b VALUES (1);", breaking: false),
        Migration(number: 3, name: "0003_c", sql: "CREATE FUNCTION c() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;", breaking: false),
    ]

    @Test func `ten migrators at once apply each migration once`() async throws {
        try await withDatabase(migrated: false) { database async throws in
            let applied = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        let pool = try database.makePool { $0.poolSize = 2 }
                        let names = try await Migrator(pool: pool, migrations: Self.three).migrate()
                        await pool.shutdown()
                        return names
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(applied.sorted() == ["0001_a", "0002_b", "0003_c"])
            #expect(try await Migrator(pool: database.pool, migrations: Self.three).check() == .current)
        }
    }

    @Test func `a dry run lists what is missing and changes nothing`() async throws {
        try await withPool(migrated: false) { pool async throws in
            let migrator = Migrator(pool: pool, migrations: Self.three.reversed())
            #expect(try await migrator.pending().map(\.name) == ["0001_a", "0002_b", "0003_c"])
            #expect(try await pool.first(MigrationTableExists()) == false)
            try await Migrator(pool: pool, migrations: [Self.three[0]]).migrate()
            #expect(try await migrator.pending().map(\.name) == ["0002_b", "0003_c"])
            #expect(try await migrator.migrate() == ["0002_b", "0003_c"])
            #expect(try await migrator.migrate() == [])
        }
    }

    @Test func `a schema that is too old names the command that mends it`() async throws {
        try await withPool(migrated: false) { pool async throws in
            let migrator = Migrator(pool: pool, migrations: Self.three)
            await #expect(throws: SchemaTooOld(missing: ["0001_a", "0002_b", "0003_c"])) { try await migrator.check() }
            #expect(SchemaTooOld(missing: ["x"]).description.contains("kakehashi migrate"))
        }
    }

    @Test func `a newer schema is worked on if harmless and refused if breaking`() async throws {
        try await withPool(migrated: false) { pool async throws in
            try await Migrator(pool: pool, migrations: Self.three).migrate()
            #expect(try await Migrator(pool: pool, migrations: [Self.three[0]]).check() == .newer(["0002_b", "0003_c"]))
            let older = Migrator(pool: pool, migrations: [])
            await #expect(throws: SchemaTooNew(unknown: ["0001_a"])) { try await older.check() }
            await #expect(throws: SchemaTooNew(unknown: ["0001_a"])) { try await older.pending() }
            await #expect(throws: SchemaTooNew(unknown: ["0001_a"])) { try await older.migrate() }
        }
    }

    @Test func `a server that is too old is named before anything is done`() async throws {
        try await withPool(migrated: false) { pool async throws in
            let migrator = Migrator(pool: pool, migrations: Self.three, oldestServer: 99)
            let error = await #expect(throws: ServerTooOld.self) { try await migrator.migrate() }
            #expect(error.map { "\($0)".contains("PostgreSQL 99 or newer is needed") } == true)
            await #expect(throws: ServerTooOld.self) { try await migrator.pending() }
            #expect(try await pool.first(MigrationTableExists()) == false)
        }
    }

    @Test func `a migration changed after it was applied is an error`() async throws {
        try await withPool(migrated: false) { pool async throws in
            try await Migrator(pool: pool, migrations: Self.three).migrate()
            var edited = Self.three
            edited[1] = Migration(number: 2, name: "0002_b", sql: "CREATE TABLE b (id text)", breaking: false)
            let migrator = Migrator(pool: pool, migrations: edited)
            await #expect(throws: MigrationEdited(name: "0002_b")) { try await migrator.check() }
            await #expect(throws: MigrationEdited(name: "0002_b")) { try await migrator.pending() }
            await #expect(throws: MigrationEdited(name: "0002_b")) { try await migrator.migrate() }
        }
    }

    @Test func `a migration that fails names its line, undoes itself, and keeps those before it`() async throws {
        try await withPool(migrated: false) { pool async throws in
            let bad = Migration(
                number: 2, name: "0002_bad", sql: "CREATE TABLE good (id bigint);\n\nCREATE TABLE bad (id nonsense);", breaking: false)
            let migrator = Migrator(pool: pool, migrations: [Self.three[0], bad])
            let error = await #expect(throws: MigrationFailed.self) { try await migrator.migrate() }
            #expect(error?.name == "0002_bad")
            #expect(error?.line == 3)
            #expect(try await migrator.pending().map(\.name) == ["0002_bad"])
            try await pool.run(script: "CREATE TABLE good (id bigint)")
        }
    }

    @Test func `a migration that refuses says so in its own words`() async throws {
        try await withPool(migrated: false) { pool async throws in
            let refusing = Migration(
                number: 1, name: "0001_refusing",
                sql: "DO $$ BEGIN RAISE EXCEPTION 'this database is not for us' USING HINT = 'Make another one.'; END $$", breaking: false)
            let error = await #expect(throws: MigrationFailed.self) { try await Migrator(pool: pool, migrations: [refusing]).migrate() }
            let said = "Migration 0001_refusing failed, nothing of it has taken effect: this database is not for us (Make another one.)"
            #expect(error.map { "\($0)" } == said)
        }
    }

    @Test func `a migration whose end is not known does not claim that nothing has taken effect`() {
        let text = "\(MigrationFailed(name: "0001_a", line: nil, reason: PostgresError(.commitUnknown)))"
        #expect(text.contains("may or may not have taken effect") && text.contains("kakehashi migrate"))
        #expect(!text.contains("nothing of it has taken effect"))
    }

    @Test func `a migration held up by a lock makes way, and goes through when the lock is gone`() async throws {
        try await withDatabase(migrated: false) { database async throws in
            try await Migrator(pool: database.pool, migrations: [Self.three[0]]).migrate()
            let change = Migration(number: 2, name: "0002_change", sql: "ALTER TABLE a ADD COLUMN name text", breaking: false)
            let (waits, wait) = AsyncStream<Duration>.makeStream()
            let migrator = Migrator(pool: database.pool, migrations: [Self.three[0], change], lockTimeout: .milliseconds(20)) { wait.yield($0) }
            let task = try await database.pool.transaction { transaction in
                try await transaction.run(script: "LOCK TABLE a")
                let task = Task {
                    defer { wait.finish() }
                    return try await migrator.migrate()
                }
                for await _ in waits { break }
                return task
            }
            #expect(try await task.value == ["0002_change"])
        }
    }

    @Test func `a migration that was chosen to give way in a deadlock is tried again`() async throws {
        try await withPool(migrated: false) { pool async throws in
            let loser = Migration(
                number: 1, name: "0001_loser",
                sql: """
                    DO $$ BEGIN
                        IF to_regclass('way_is_free') IS NULL THEN RAISE EXCEPTION 'deadlock detected' USING ERRCODE = 'deadlock_detected'; END IF;
                    END $$
                    """, breaking: false)
            let migrator = Migrator(pool: pool, migrations: [loser], lockTimeout: .seconds(5)) { _ in
                try await pool.run(script: "CREATE TABLE way_is_free ()")
            }
            #expect(try await migrator.migrate() == ["0001_loser"])
        }
    }

    @Test func `migrators see each other's work whatever isolation the database is set to`() async throws {
        try await withDatabase(migrated: false) { database async throws in
            try await database.pool.run(script: "ALTER DATABASE \(database.name) SET default_transaction_isolation = 'serializable'")
            let pool = try database.makePool()
            let level = Migration(
                number: 1, name: "0001_level", sql: "CREATE TABLE level AS SELECT current_setting('transaction_isolation') AS \"is\"", breaking: false
            )
            try await Migrator(pool: pool, migrations: [level]).migrate()
            #expect(try await pool.first(IsolationFound()) == "read committed")
        }
    }

    @Test func `the checksum changes with the text`() {
        #expect(Self.three[0].checksum == Self.three[0].checksum)
        #expect(Self.three[0].checksum != Self.three[1].checksum)
        #expect(Self.three[0].checksum.count == 16)
    }
}

private struct IsolationFound: PostgresStatement {
    static let sql = "SELECT \"is\" FROM level"
    static func decode(_ row: PostgresRow) throws(PostgresError) -> String { try row.decode(0) }
}
