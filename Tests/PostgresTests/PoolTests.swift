import Postgres
import TestKit
import Testing

@Suite(.timeLimit(.minutes(10))) struct PoolTests {
    @Test func `a pool of three never has four connections, and everybody gets a turn`() async throws {
        try await withDatabase(migrated: false) { database async throws in
            let pool = try database.makePool { $0.poolSize = 3 }
            let backends = try await withThrowingTaskGroup(of: Int32?.self) { group in
                for _ in 0..<60 { group.addTask { try await pool.first(Backend()) } }
                return try await group.reduce(into: Set<Int32?>()) { $0.insert($1) }
            }
            #expect(backends.count <= 3)
            #expect(pool.usage.lent == 0)
            #expect(pool.usage.idle <= 3)
            await pool.shutdown()
        }
    }

    @Test func `who comes first is served first`() async throws {
        try await withDatabase(migrated: false) { database async throws in
            let pool = try database.makePool { $0.poolSize = 1 }
            let log = Log()
            try await withThrowingTaskGroup(of: Void.self) { group in
                try await pool.connection { _ in
                    for number in 0..<10 {
                        group.addTask { try await pool.connection { _ in log.write(number) } }
                        while pool.usage.waiting <= number { await Task.yield() }
                    }
                    #expect(log.entries == [])
                }
                try await group.waitForAll()
            }
            #expect(log.entries == Array(0..<10))
        }
    }

    @Test func `who waits may be cancelled, and nobody else is the worse for it`() async throws {
        try await withDatabase(migrated: false) { database async throws in
            let pool = try database.makePool { $0.poolSize = 1 }
            try await pool.connection { _ in
                let task = Task { try await pool.first(Backend()) }
                while pool.usage.waiting < 1 { await Task.yield() }
                task.cancel()
                let error = await #expect(throws: PostgresError.self) { try await task.value }
                #expect(error?.code == .cancelled)
            }
            #expect(try await pool.first(Backend()) != nil)
        }
    }

    @Test func `who waits too long for a connection is told so`() async throws {
        try await withDatabase(migrated: false) { database async throws in
            let pool = try database.makePool {
                $0.poolSize = 1
                $0.lendTimeout = .milliseconds(50)
            }
            try await pool.connection { _ in
                let error = await #expect(throws: PostgresError.self) { try await pool.first(Backend()) }
                #expect(error?.code == .poolExhausted)
                #expect(error?.isTransient == true)
            }
            #expect(try await pool.first(Backend()) != nil)
        }
    }

    @Test func `shutdown waits for what is lent, and lends no more`() async throws {
        try await withDatabase(migrated: false) { database async throws in
            let pool = try database.makePool { $0.poolSize = 1 }
            let shutdown = try await pool.connection { connection in
                let shutdown = Task { await pool.shutdown() }
                while !pool.isClosed { await Task.yield() }
                let backend = try await connection.first(Backend())
                #expect(backend != nil)
                let error = await #expect(throws: PostgresError.self) { try await pool.first(Backend()) }
                #expect(error?.code == .poolClosed)
                return shutdown
            }
            await shutdown.value
            #expect(pool.usage == (lent: 0, idle: 0, waiting: 0))
        }
    }

    @Test func `a connection older than its age is replaced`() async throws {
        try await withDatabase(migrated: false) { database async throws in
            let pool = try database.makePool {
                $0.poolSize = 1
                $0.connectionAge = .zero
            }
            let first = try await pool.first(Backend())
            #expect(try await pool.first(Backend()) != first)
            await pool.shutdown()
        }
    }
}
