import TestKit
import Testing

@testable import Postgres

@Suite(.timeLimit(.minutes(10))) struct InterruptionTests {
    @Test func `cancelling the Task stops the statement on the server, and the connection is used again`() async throws {
        try await withDatabase(migrated: false) { database async throws in
            let pool = try database.makePool { $0.poolSize = 1 }
            let backend = try await pool.first(Backend())
            let task = Task { try await pool.query(SleepLong()) }
            try await until { try await database.pool.first(BusyConnections(word: "pg_sleep")) == 1 }
            task.cancel()
            let error = await #expect(throws: PostgresError.self) { try await task.value }
            #expect(error?.code == .cancelled)
            #expect(error?.isOutcomeUnknown == false)
            #expect(try await database.pool.first(BusyConnections(word: "pg_sleep")) == 0)
            #expect(try await pool.first(Backend()) == backend)
            await pool.shutdown()
        }
    }

    @Test func `cancelling the Task rolls its transaction back`() async throws {
        try await TransactionTests.withNotes { database async throws in
            let task = Task {
                try await database.pool.transaction { transaction in
                    try await transaction.execute(AddNote(id: 1))
                    _ = try await transaction.query(SleepLong())
                }
            }
            try await until { try await database.pool.first(BusyConnections(word: "pg_sleep")) == 1 }
            task.cancel()
            let error = await #expect(throws: PostgresError.self) { try await task.value }
            #expect(error?.code == .cancelled)
            #expect(try await database.pool.query(Notes()) == [])
        }
    }

    @Test func `a statement past its time is stopped by the server`() async throws {
        try await withDatabase(migrated: false) { database async throws in
            let pool = try database.makePool { $0.statementTimeout = .milliseconds(50) }
            let error = await #expect(throws: PostgresError.self) { try await pool.query(SleepLong()) }
            #expect(error?.code == .server(.queryCanceled))
            #expect(error?.isTransient == true)
        }
    }

    @Test func `a lock not to be had in time is an error that may be tried again`() async throws {
        try await TransactionTests.withNotes { database async throws in
            let hasty = try database.makePool { $0.lockTimeout = .milliseconds(50) }
            try await database.pool.transaction { transaction in
                try await transaction.run(script: "LOCK TABLE note")
                let error = await #expect(throws: PostgresError.self) { try await hasty.query(Notes()) }
                #expect(error?.code == .server(.lockNotAvailable))
                #expect(error?.isTransient == true)
            }
        }
    }

    @Test func `a transaction left idle is ended by the server, and its connection not used again`() async throws {
        try await withDatabase(migrated: false) { database async throws in
            let pool = try database.makePool {
                $0.idleInTransactionTimeout = .milliseconds(50)
                $0.poolSize = 1
            }
            let error = await #expect(throws: PostgresError.self) {
                try await pool.transaction { transaction in
                    let backend = try await transaction.first(Backend())
                    try await until { try await database.pool.first(BackendIsThere(backend: backend ?? 0)) == false }
                    _ = try await transaction.first(Backend())
                }
            }
            #expect(error?.sqlState == "25P03" || error?.code == .connectionLost)
            #expect(error?.isTransient == true)
            #expect(try await pool.first(Backend()) != nil)
        }
    }

    @Test func `a half-open socket is found by the deadline, and the next statement has a new connection`() async throws {
        try await withDatabase(migrated: false) { database async throws in
            let proxy = try HalfOpenProxy(forwardingTo: database.cluster.port)
            defer { proxy.stop() }
            let pool = try TestDatabase.makePool(url: database.cluster.url(database: database.name, port: proxy.port)) { $0.poolSize = 1 }
            let backend = try #require(try await pool.first(Backend()))
            proxy.freeze()
            // The short time-out is this transaction's alone: what comes before and after has all the time it may need.
            let error = await #expect(throws: PostgresError.self) {
                try await pool.transaction(PostgresTransactionOptions(deadline: .milliseconds(300))) { try await $0.first(Backend()) }
            }
            #expect(error?.code == .deadlineExceeded)
            #expect(error?.isTransient == true && error?.isOutcomeUnknown == true && error?.isUnreachable == true)
            proxy.thaw()
            let next = try await pool.first(Backend())
            #expect(next != nil && next != backend)
        }
    }

    @Test func `a cancelled statement of which nothing more is heard may have taken effect`() async throws {
        try await withDatabase(migrated: false) { database async throws in
            let proxy = try HalfOpenProxy(forwardingTo: database.cluster.port)
            defer { proxy.stop() }
            let pool = try TestDatabase.makePool(url: database.cluster.url(database: database.name, port: proxy.port)) {
                $0.cancelGrace = .milliseconds(300)
            }
            let task = Task { try await pool.query(SleepLong()) }
            try await until { try await database.pool.first(BusyConnections(word: "pg_sleep")) == 1 }
            proxy.freeze()
            task.cancel()
            let error = await #expect(throws: PostgresError.self) { try await task.value }
            #expect(error?.code == .cancelled)
            #expect(error?.isOutcomeUnknown == true)
        }
    }

    @Test func `a cancel request that is still on its way hits no later statement: the connection is not lent again`() async throws {
        try await TransactionTests.withNotes { database async throws in
            let proxy = try HalfOpenProxy(forwardingTo: database.cluster.port)
            defer { proxy.stop() }
            let pool = try TestDatabase.makePool(url: database.cluster.url(database: database.name, port: proxy.port)) {
                $0.poolSize = 1
                $0.cancelGrace = .seconds(2)
            }
            #expect(try await pool.query(Notes()) == [])
            #expect(pool.usage.idle == 1)
            proxy.holdNewcomers()
            let task = try await database.pool.transaction { transaction in
                try await transaction.run(script: "LOCK TABLE note")
                let task = Task { try await pool.query(Notes()) }
                try await until { try await database.pool.first(BusyConnections(word: "FROM note")) == 1 }
                task.cancel()
                try await until { proxy.accepted == 2 }
                return task
            }
            // The lock is gone, so the answer comes in full; the request has not been heard by anybody.
            #expect(try await task.value == [])
            #expect(pool.usage == (lent: 0, idle: 0, waiting: 0))
        }
    }

    @Test func `a server that accepts and never answers is given up after the connect time-out`() async throws {
        let proxy = try HalfOpenProxy(forwardingTo: nil)
        defer { proxy.stop() }
        let pool = try TestDatabase.makePool(url: "postgresql://x:\(PrivateCluster.password)@127.0.0.1:\(proxy.port)/x") {
            $0.connectTimeout = .milliseconds(200)
        }
        let error = await #expect(throws: PostgresError.self) { try await pool.first(Backend()) }
        #expect(error?.code == .connectTimeout)
        #expect(error?.isUnreachable == true)
    }

    @Test func `a connection ended by an operator while it lay idle is not lent again`() async throws {
        try await withDatabase(migrated: false) { database async throws in
            let pool = try database.makePool { $0.poolSize = 1 }
            let backend = try #require(try await pool.first(Backend()))
            #expect(try await database.pool.first(Terminate(backend: backend)) == true)
            try await until { try await database.pool.first(BackendIsThere(backend: backend)) == false }
            let next = try await pool.first(Backend())
            #expect(next != nil && next != backend)
        }
    }

    @Test func `a connection ended in mid-statement says who ended it`() async throws {
        try await withDatabase(migrated: false) { database async throws in
            let pool = try database.makePool { $0.poolSize = 1 }
            let backend = try #require(try await pool.first(Backend()))
            let sleeping = Task { try await pool.query(SleepLong()) }
            try await until { try await database.pool.first(BusyConnections(word: "pg_sleep")) == 1 }
            _ = try await database.pool.first(Terminate(backend: backend))
            let error = await #expect(throws: PostgresError.self) { try await sleeping.value }
            #expect(error?.code == .server(.adminShutdown))
            #expect(error?.isTransient == true)
            #expect(try await pool.first(Backend()) != nil)
        }
    }

    @Test func `COPY is refused and does no harm`() async throws {
        try await TransactionTests.withNotes { database async throws in
            for script in ["COPY note FROM STDIN", "COPY note TO STDOUT"] {
                await #expect(throws: PostgresError.self) { try await database.pool.run(script: script) }
                let notes = try await database.pool.query(Notes())
                #expect(notes == [])
            }
        }
    }
}

struct BackendIsThere: PostgresStatement {
    let backend: Int32
    static let sql = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $1)"
    var binds: [PostgresBind] { [.int4(self.backend)] }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Bool { try row.decode(0) }
}
