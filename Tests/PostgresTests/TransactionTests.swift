import FoundationEssentials
import Synchronization
import TestKit
import Testing

@testable import Postgres

@Suite(.timeLimit(.minutes(10))) struct TransactionTests {
    static func withNotes(_ body: (TestDatabase) async throws -> Void) async throws {
        try await withDatabase(migrated: false) { database async throws in
            try await database.pool.run(
                script: "CREATE TABLE note (id bigint PRIMARY KEY, parent bigint REFERENCES note DEFERRABLE INITIALLY DEFERRED)")
            try await body(database)
        }
    }

    @Test func `what a transaction did takes effect when its closure returns`() async throws {
        try await Self.withNotes { database async throws in
            let answer = try await database.pool.transaction { transaction in
                try await transaction.execute(AddNote(id: 1))
                return 42
            }
            #expect(answer == 42)
            #expect(try await database.pool.query(Notes()) == [1])
        }
    }

    @Test func `when the closure throws, nothing took effect and its own error comes out`() async throws {
        try await Self.withNotes { database async throws in
            await #expect(throws: OwnError(number: 7)) {
                try await database.pool.transaction { transaction in
                    try await transaction.execute(AddNote(id: 1))
                    throw OwnError(number: 7)
                }
            }
            #expect(try await database.pool.query(Notes()) == [])
            #expect(database.pool.usage.lent == 0)
        }
    }

    @Test func `a refused statement names its constraint and table, and its values only on request`() async throws {
        try await Self.withNotes { database async throws in
            try await database.pool.execute(AddNote(id: 31_337))
            let error = await #expect(throws: PostgresError.self) { try await database.pool.execute(AddNote(id: 31_337)) }
            #expect(error?.code == .server(.uniqueViolation))
            #expect(error?.constraint == "note_pkey")
            #expect(error?.table == "public.note")
            #expect(error.map { "\($0)" } == "PostgreSQL answered 23505 unique_violation (constraint note_pkey, table public.note)")
            #expect(error?.detail.contains("31337") == true)
        }
    }

    @Test func `a failure that was swallowed does not pass for a commit`() async throws {
        try await Self.withNotes { database async throws in
            let error = await #expect(throws: PostgresError.self) {
                try await database.pool.transaction { transaction in
                    try await transaction.execute(AddNote(id: 1))
                    _ = try? await transaction.execute(AddNote(id: 1))
                }
            }
            #expect(error?.code == .server(.inFailedTransaction))
            #expect(try await database.pool.query(Notes()) == [])
        }
    }

    @Test func `a constraint checked at COMMIT fails the transaction`() async throws {
        try await Self.withNotes { database async throws in
            let error = await #expect(throws: PostgresError.self) {
                try await database.pool.transaction { try await $0.run(script: "INSERT INTO note VALUES (1, 99)") }
            }
            #expect(error?.code == .server(.foreignKeyViolation))
        }
    }

    @Test func `a savepoint undoes only its own part`() async throws {
        try await Self.withNotes { database async throws in
            try await database.pool.transaction { transaction in
                try await transaction.execute(AddNote(id: 1))
                await #expect(throws: OwnError(number: 1)) {
                    try await transaction.savepoint { inner in
                        try await inner.execute(AddNote(id: 2))
                        throw OwnError(number: 1)
                    }
                }
                try await transaction.savepoint { inner in
                    try await inner.execute(AddNote(id: 3))
                    _ = try? await inner.savepoint { try await $0.execute(AddNote(id: 3)) }
                    try await inner.execute(AddNote(id: 4))
                }
            }
            #expect(try await database.pool.query(Notes()) == [1, 3, 4])
        }
    }

    @Test func `what waits for the commit runs after it, in order, and never without it`() async throws {
        try await Self.withNotes { database async throws in
            let log = Log()
            try await database.pool.transaction { transaction in
                transaction.afterCommit { log.write(1) }
                try await transaction.savepoint { $0.afterCommit { log.write(2) } }
                try? await transaction.savepoint { inner in
                    inner.afterCommit { log.write(99) }
                    throw OwnError(number: 0)
                }
                #expect(log.entries == [])
            }
            #expect(log.entries == [1, 2])
            try? await database.pool.transaction { transaction in
                transaction.afterCommit { log.write(99) }
                throw OwnError(number: 0)
            }
            #expect(log.entries == [1, 2])
        }
    }

    @Test(arguments: [true, false])
    func `when the connection falls silent or dies at COMMIT the outcome is said to be unknown`(_ isSilent: Bool) async throws {
        try await Self.withNotes { database async throws in
            let proxy = try HalfOpenProxy(forwardingTo: database.cluster.port)
            defer { proxy.stop() }
            let pool = try TestDatabase.makePool(url: database.cluster.url(database: database.name, port: proxy.port))
            let options = PostgresTransactionOptions(deadline: isSilent ? .seconds(2) : nil)
            let error = await #expect(throws: PostgresError.self) {
                try await pool.transaction(options) { transaction in
                    try await transaction.execute(AddNote(id: 1))
                    proxy.freeze()
                    if !isSilent { proxy.sever() }
                }
            }
            #expect(error?.code == .commitUnknown)
            #expect(error?.isOutcomeUnknown == true)
        }
    }

    @Test func `a cancellation after the savepoint's body has succeeded undoes nothing`() async throws {
        try await Self.withNotes { database async throws in
            let task = Task {
                try await database.pool.transaction { transaction in
                    try await transaction.savepoint { inner in
                        try await inner.execute(AddNote(id: 1))
                        withUnsafeCurrentTask { $0?.cancel() }
                    }
                }
            }
            try await task.value
            #expect(try await database.pool.query(Notes()) == [1])
        }
    }

    @Test func `what is used after its closure returned is refused`() async throws {
        try await Self.withNotes { database async throws in
            let connection = try await database.pool.connection { $0 }
            let first = await #expect(throws: PostgresError.self) { try await connection.query(Notes()) }
            #expect(first?.code == .misuse)
            let transaction = try await database.pool.transaction { $0 }
            let second = await #expect(throws: PostgresError.self) { try await transaction.query(Notes()) }
            #expect(second?.code == .misuse)
        }
    }

    @Test func `two Tasks on one connection take turns`() async throws {
        try await Self.withNotes { database async throws in
            try await database.pool.transaction { transaction in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for id in 0..<50 { group.addTask { try await transaction.execute(AddNote(id: id)) } }
                    try await group.waitForAll()
                }
            }
            #expect(try await database.pool.query(Notes()) == Array(0..<50))
        }
    }

    @Test func `a table changed under a prepared statement goes unnoticed`() async throws {
        try await Self.withNotes { database async throws in
            try await database.pool.connection { connection in
                try await connection.run(script: "CREATE TABLE shape (a text); INSERT INTO shape VALUES ('x')")
                #expect(try await connection.query(Shape()) == [1])
                try await connection.run(script: "ALTER TABLE shape ADD COLUMN b text")
                #expect(try await connection.query(Shape()) == [2])
                try await connection.run(script: "DEALLOCATE ALL")
                #expect(try await connection.query(Shape()) == [2])
                try await connection.run(script: "ALTER TABLE shape ADD COLUMN c text")
                let error = await #expect(throws: PostgresError.self) { try await connection.transaction { try await $0.query(Shape()) } }
                #expect(error?.isTransient == true)
                #expect(try await connection.transaction { try await $0.query(Shape()) } == [3])
            }
        }
    }

    @Test func `behind a transaction-pooling proxy nothing is prepared and the time-outs hold in each transaction`() async throws {
        try await Self.withNotes { database async throws in
            let pool = try database.makePool {
                $0.preparedStatements = false
                $0.lockTimeout = .milliseconds(1_234)
            }
            #expect(try await pool.transaction { try await $0.first(Setting(name: "lock_timeout")) } == "1234ms")
            #expect(try await pool.first(Setting(name: "lock_timeout")) == "0")
            #expect(try await pool.first(PreparedCount()) == 0)
            #expect(try await database.pool.first(PreparedCount()) == 1)
        }
    }

    @Test func `behind a transaction-pooling proxy a role whose dates can't be read is told so at once`() async throws {
        try await withDatabase(migrated: false) { database async throws in
            try await database.pool.run(script: "ALTER DATABASE \(database.name) SET datestyle = 'German'")
            let pool = try database.makePool { $0.preparedStatements = false }
            let error = await #expect(throws: PostgresError.self) { try await pool.first(Backend()) }
            #expect(error?.code == .configuration)
            #expect(error.map { "\($0)".contains("German") && "\($0)".contains("ALTER ROLE") } == true)
            // Without a proxy the session has settings of its own.
            let own = try database.makePool()
            let epoch = Date(timeIntervalSince1970: 0)
            #expect(try await own.echo(epoch) { .timestamp($0) } == epoch)
        }
    }

    @Test func `behind a transaction-pooling proxy a transaction's time zone is UTC`() async throws {
        try await withDatabase(migrated: false) { database async throws in
            let pool = try database.makePool { $0.preparedStatements = false }
            #expect(try await pool.transaction { try await $0.first(Setting(name: "TimeZone")) } == "UTC")
            #expect(try await pool.first(Setting(name: "TimeZone")) == "Asia/Tokyo")
        }
    }

    @Test func `session settings of the environment hold unless the connection text has its own`() throws {
        let plain = try PostgresConfiguration(url: "host=h")
        #expect(plain.startupOptions(inherited: "-c work_mem=9MB")["options"]?.hasSuffix(" -c TimeZone=UTC -c work_mem=9MB") == true)
        #expect(plain.startupOptions(inherited: nil)["options"]?.hasSuffix(" -c TimeZone=UTC") == true)
        let own = try PostgresConfiguration(url: "host=h options='-c work_mem=8MB'")
        #expect(own.startupOptions(inherited: "-c work_mem=9MB")["options"]?.hasSuffix(" -c TimeZone=UTC -c work_mem=8MB") == true)
        var proxied = plain
        proxied.preparedStatements = false
        #expect(proxied.startupOptions(inherited: "-c work_mem=9MB")["options"] == nil)  // libpq itself looks
    }

    @Test func `the time-outs of the settings are the session's`() async throws {
        try await Self.withNotes { database async throws in
            let pool = try database.makePool {
                $0.statementTimeout = .milliseconds(4_321)
                $0.idleInTransactionTimeout = .zero
                $0.applicationName = "a name with 'quotes'"
            }
            #expect(try await pool.first(Setting(name: "statement_timeout")) == "4321ms")
            #expect(try await pool.first(Setting(name: "lock_timeout")) == "10s")
            #expect(try await pool.first(Setting(name: "idle_in_transaction_session_timeout")) == "0")
            #expect(try await pool.first(Setting(name: "application_name")) == "a name with 'quotes'")
        }
    }
}

private struct Shape: PostgresStatement {
    static let sql = "SELECT * FROM shape"
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Int { row.count }
}

private struct PreparedCount: PostgresStatement {
    static let sql = "SELECT count(*) FROM pg_prepared_statements"
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Int { try row.decode(0) }
}

/// What happened, in order.
final class Log: Sendable {
    private let written = Mutex<[Int]>([])
    var entries: [Int] { self.written.withLock { $0 } }
    func write(_ entry: Int) { self.written.withLock { $0.append(entry) } }
}
