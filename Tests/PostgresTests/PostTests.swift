import Glibc
import Synchronization
import TestKit
import Testing

@testable import Postgres

/// Statements that go to the server with the next one, in one trip.
@Suite(.timeLimit(.minutes(10))) struct PostTests {
    @Test(arguments: [true, false])
    func `what is posted is carried out in order, before what comes next, and seen by it`(isPrepared: Bool) async throws {
        try await TransactionTests.withNotes { database async throws in
            let pool = try database.makePool { $0.preparedStatements = isPrepared }
            let seen = try await pool.transaction { transaction in
                try transaction.post(AddNote(id: 1))
                try transaction.post(MoveNotes())
                try transaction.post(AddNote(id: 1))
                return try await transaction.query(Notes())
            }
            #expect(seen == [1, 11])
            #expect(try await pool.query(Notes()) == [1, 11])
            await pool.shutdown()
        }
    }

    @Test func `what is posted last is carried out with the COMMIT, and two statements in one trip both answer`() async throws {
        try await TransactionTests.withNotes { database async throws in
            let answers = try await database.pool.transaction { transaction in
                try transaction.post(AddNote(id: 1))
                let answers = try await transaction.query(AddNoteAloud(id: 2), and: Notes())
                try transaction.post(AddNote(id: 3))
                return [answers.first, answers.second]
            }
            #expect(answers == [[2], [1, 2]])
            #expect(try await database.pool.query(Notes()) == [1, 2, 3])
        }
    }

    @Test func `what is posted and refused fails whatever comes next, the COMMIT too, and harms no connection`() async throws {
        try await TransactionTests.withNotes { database async throws in
            let pool = try database.makePool { $0.poolSize = 1 }
            let backend = try await pool.first(Backend())
            let hasRun = Atomic(false)
            for isAsked in [true, false] {
                let error = await #expect(throws: PostgresError.self) {
                    try await pool.transaction { transaction in
                        transaction.afterCommit { hasRun.store(true, ordering: .relaxed) }
                        try transaction.post(AddNote(id: 1))
                        try transaction.post(AddNote(id: 1))
                        try transaction.post(AddNote(id: 2))
                        if isAsked { _ = try await transaction.query(Notes()) }
                    }
                }
                #expect(error?.constraint == "note_pkey")
                #expect(try await pool.query(Notes()) == [])
            }
            let ran = hasRun.load(ordering: .relaxed)
            #expect(!ran)
            #expect(try await pool.first(Backend()) == backend)
            await pool.shutdown()
        }
    }

    @Test func `a savepoint answers for what was posted in it, and for nothing else`() async throws {
        try await TransactionTests.withNotes { database async throws in
            try await database.pool.transaction { transaction in
                try transaction.post(AddNote(id: 1))
                let error = await #expect(throws: PostgresError.self) {
                    try await transaction.savepoint {
                        try $0.post(AddNote(id: 2))
                        try $0.post(AddNote(id: 1))
                    }
                }
                #expect(error?.constraint == "note_pkey")
                // Never sent, as the body failed before.
                await #expect(throws: OwnError(number: 7)) {
                    try await transaction.savepoint {
                        try $0.post(AddNote(id: 3))
                        throw OwnError(number: 7)
                    }
                }
                try await transaction.savepoint { try $0.post(AddNote(id: 4)) }
                try transaction.post(AddNote(id: 5))
            }
            #expect(try await database.pool.query(Notes()) == [1, 4, 5])
        }
    }

    @Test func `what was posted goes before a script and before the rows of a COPY`() async throws {
        try await TransactionTests.withNotes { database async throws in
            try await database.pool.transaction { transaction in
                try transaction.post(AddNote(id: 1))
                try await transaction.run(script: "UPDATE note SET id = 2; UPDATE note SET id = 3")
                try transaction.post(AddNote(id: 1))
                try await transaction.copy(NoteStream(ids: [4, 5]))
            }
            #expect(try await database.pool.query(Notes()) == [1, 3, 4, 5])
        }
    }

    @Test func `many megabytes both ways at once block nobody`() async throws {
        try await TransactionTests.withNotes { database async throws in
            let long = String(repeating: "架け橋", count: 700_000)
            let echoed = try await database.pool.transaction { transaction in
                for _ in 0..<3 { try transaction.post(Echo<String?>(bind: .text(long))) }
                return try await transaction.first(Echo<String?>(bind: .text(long)))
            }
            #expect(echoed == long)
        }
    }

    @Test func `a migration under a plan fails one transaction at most`() async throws {
        try await TransactionTests.withNotes { database async throws in
            let pool = try database.makePool { $0.poolSize = 1 }
            func all() async throws -> [Int] {
                try await pool.transaction { transaction in
                    try transaction.post(AllOfNotes())
                    return try await transaction.query(Notes())
                }
            }
            #expect(try await all() == [])
            try await pool.run(script: "ALTER TABLE note ADD COLUMN text text; INSERT INTO note VALUES (1)")
            let error = await #expect(throws: PostgresError.self) { try await all() }
            #expect(error?.isStalePlan == true)
            #expect(try await all() == [1])
            await pool.shutdown()
        }
    }

    @Test func `what was posted is cancelled with what it goes with`() async throws {
        try await TransactionTests.withNotes { database async throws in
            let pool = database.pool
            let waiting = Task {
                try await pool.transaction { transaction in
                    try transaction.post(SleepLong())
                    return try await transaction.query(Notes())
                }
            }
            try await until { try await pool.first(BusyConnections(word: "pg_sleep(600)")) == 1 }
            waiting.cancel()
            let error = await #expect(throws: PostgresError.self) { try await waiting.value }
            #expect(error?.code == .cancelled)
            try await until { try await pool.first(BusyConnections(word: "pg_sleep(600)")) == 0 }
        }
    }

    /// What comes next when the Task is cancelled already: nothing of it is sent.
    enum Next: CaseIterable, Sendable { case statement, savepoint }

    @Test(arguments: [false, true], Next.allCases)
    func `what was posted and never sent, as its Task was cancelled, keeps all else from being committed, even if nobody minds`(
        inSavepoint: Bool, next: Next
    ) async throws {
        try await TransactionTests.withNotes { database async throws in
            let pool = try database.makePool { $0.poolSize = 1 }
            let careless: @Sendable (PostgresTransaction) async throws -> Void = { transaction in
                try await transaction.execute(AddNote(id: 1))
                try transaction.post(AddNote(id: 2))
                withUnsafeCurrentTask { $0?.cancel() }
                switch next {
                case .statement: _ = try? await transaction.query(Notes())
                case .savepoint: try? await transaction.savepoint { _ in }
                }
            }
            let task = Task {
                try await pool.transaction { transaction in
                    if inSavepoint {
                        try await transaction.execute(AddNote(id: 3))
                        try? await transaction.savepoint(careless)
                    } else {
                        try await careless(transaction)
                    }
                }
            }
            if case .success = await task.result { #expect(inSavepoint) } else { #expect(!inSavepoint) }
            #expect(try await pool.query(Notes()) == (inSavepoint ? [3] : []))
            await pool.shutdown()
        }
    }

    @Test func `a server that goes away at the COMMIT and what goes with it leaves the outcome unknown`() async throws {
        try await TransactionTests.withNotes { database async throws in
            let pool = try database.makePool { $0.poolSize = 1 }
            let error = await #expect(throws: PostgresError.self) {
                try await pool.transaction { transaction in
                    let backend = try #require(try await transaction.first(Backend()))
                    try transaction.post(AddNote(id: 1))
                    _ = kill(backend, SIGTERM)
                }
            }
            #expect(error?.code == .commitUnknown)
            #expect(try await pool.query(Notes()) == [])
            await pool.shutdown()
        }
    }

    @Test func `nothing is posted to a transaction that has ended`() async throws {
        try await TransactionTests.withNotes { database async throws in
            let kept = Mutex<PostgresTransaction?>(nil)
            try await database.pool.transaction { transaction in kept.withLock { $0 = transaction } }
            let transaction = try #require(kept.withLock { $0 })
            let error = #expect(throws: PostgresError.self) { try transaction.post(AddNote(id: 1)) }
            #expect(error?.code == .misuse)
        }
    }
}

private struct MoveNotes: PostgresStatement {
    typealias Row = PostgresNoRow
    static let sql = "UPDATE note SET id = id + 10"
}

private struct AddNoteAloud: PostgresStatement {
    let id: Int
    static let sql = "INSERT INTO note (id) VALUES ($1) RETURNING id"
    var binds: [PostgresBind] { [.int(self.id)] }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Int { try row.decode(0) }
}

private struct AllOfNotes: PostgresStatement {
    static let sql = "SELECT * FROM note"
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Int { try row.decode(0) }
}

private struct NoteStream: PostgresCopy {
    static let sql = "COPY note (id) FROM STDIN"
    var ids: [Int]

    mutating func next() -> CopyText? {
        guard !self.ids.isEmpty else { return nil }
        var text = CopyText(capacity: 0)
        text.column("\(self.ids.removeFirst())")
        text.endRow()
        return text
    }
}
