import Glibc
import TestKit
import Testing

@testable import Postgres

@Suite(.timeLimit(.minutes(10))) struct CopyTests {
    private static func withLines(_ body: (TestDatabase) async throws -> Void) async throws {
        try await withDatabase(migrated: false) { database async throws in
            try await database.pool.run(script: "CREATE TABLE line (id bigint PRIMARY KEY, text text)")
            try await body(database)
        }
    }

    private static func texts(_ pool: PostgresPool) async throws -> [String?] { try await pool.query(LineTexts()) }

    @Test func `whatever a text is made of, it arrives as it was sent, in the order given`() async throws {
        try await Self.withLines { database async throws in
            let texts = [
                "", nil, "\\N", "\\.", "a\tb", "a\nb", "a\r\nb", "\\", "\\\\t", "\u{8}\u{B}\u{C}\u{1}", #"{"a":"\n\\"}"#, "株式会社架け橋", "👩🏽‍🚀", "e\u{301}",
                " x ", "'\"",
            ]
            let written = try await database.pool.transaction { try await $0.copy(Lines(texts: texts)) }
            #expect(written == texts.count)
            #expect(try await Self.texts(database.pool).map { $0.map { Array($0.utf8) } } == texts.map { $0.map { Array($0.utf8) } })
        }
    }

    @Test func `no rows are no rows, and many megabytes of them arrive`() async throws {
        try await Self.withLines { database async throws in
            #expect(try await database.pool.transaction { try await $0.copy(Lines(texts: [])) } == 0)
            let long = String(repeating: "長い\t", count: 3_000)
            #expect(try await database.pool.transaction { try await $0.copy(Lines(texts: Array(repeating: long, count: 1_000))) } == 1_000)
            let texts = try await Self.texts(database.pool)
            #expect(texts.count == 1_000)
            #expect(texts.allSatisfy { $0 == long })
        }
    }

    @Test func `a row that a constraint refuses keeps all of them out, and a savepoint keeps the rest`() async throws {
        try await Self.withLines { database async throws in
            try await database.pool.run(script: "INSERT INTO line VALUES (3, 'there')")
            let error = await #expect(throws: PostgresError.self) {
                try await database.pool.transaction { try await $0.copy(Lines(texts: ["1", "2", "3", "4"])) }
            }
            #expect(error?.constraint == "line_pkey")
            #expect(try await Self.texts(database.pool) == ["there"])
            try await database.pool.transaction { transaction in
                try await transaction.copy(Lines(texts: ["1", "2"]))
                _ = try? await transaction.savepoint { try await $0.copy(Lines(texts: ["1"])) }
            }
            #expect(try await Self.texts(database.pool) == ["1", "2", "there"])
        }
    }

    @Test func `rows that can't be made, or have no place in PostgreSQL, keep all of them out and harm no connection`() async throws {
        try await Self.withLines { database async throws in
            let pool = try database.makePool { $0.poolSize = 1 }
            let backend = try await pool.first(Backend())
            await #expect(throws: Lines.Unmakeable.self) {
                try await pool.transaction { try await $0.copy(Lines(texts: ["1", "2", "3"], unmakeable: 2)) }
            }
            let error = await #expect(throws: PostgresError.self) { try await pool.transaction { try await $0.copy(Lines(texts: ["1", "a\0b"])) } }
            #expect(error?.code == .unsendable)
            #expect(try await Self.texts(pool) == [])
            // Somebody who goes on after such an error has a spoiled transaction, which never passes for a commit.
            await #expect(throws: PostgresError.self) {
                try await pool.transaction { transaction in _ = try? await transaction.copy(Lines(texts: ["1", "2"], unmakeable: 1)) }
            }
            #expect(try await Self.texts(pool) == [])
            #expect(try await pool.first(Backend()) == backend)
            await pool.shutdown()
        }
    }

    @Test func `a server that goes away among the rows loses the connection, and has written none`() async throws {
        try await Self.withLines { database async throws in
            let pool = try database.makePool { $0.poolSize = 1 }
            // Longer than what fits on the way: the rows still come when the server has gone.
            let long = String(repeating: "x", count: 10_000)
            let error = await #expect(throws: PostgresError.self) {
                try await pool.transaction { transaction in
                    let backend = try #require(try await transaction.first(Backend()))
                    let lines = Lines(texts: Array(repeating: long, count: 3_000)) { place in
                        if place == 500 { _ = kill(backend, SIGTERM) }
                    }
                    try await transaction.copy(lines)
                }
            }
            #expect(error?.isTransient == true)
            #expect(try await Self.texts(pool) == [])
            await pool.shutdown()
        }
    }

    @Test func `a COPY that waits for another transaction is cancelled like any statement`() async throws {
        try await Self.withLines { database async throws in
            try await database.pool.transaction { other in
                try await other.copy(Lines(texts: ["mine"]))
                let waiting = Task { try await database.pool.transaction { try await $0.copy(Lines(texts: ["theirs"])) } }
                try await until { try await database.pool.first(BusyConnections(word: "COPY line")) == 1 }
                waiting.cancel()
                let error = await #expect(throws: PostgresError.self) { try await waiting.value }
                #expect(error?.code == .cancelled)
            }
            #expect(try await Self.texts(database.pool) == ["mine"])
        }
    }
}

/// Lines numbered from 1.
private struct Lines: PostgresCopy {
    struct Unmakeable: Error {}

    static let sql = "COPY line (id, text) FROM STDIN"
    let texts: [String?]
    var unmakeable: Int?
    var before: @Sendable (Int) -> Void = { _ in }
    private var done = 0

    init(texts: [String?], unmakeable: Int? = nil, before: @escaping @Sendable (Int) -> Void = { _ in }) {
        self.texts = texts
        self.unmakeable = unmakeable
        self.before = before
    }

    mutating func next() throws -> CopyText? {
        guard self.done < self.texts.count else { return nil }
        if self.done == self.unmakeable { throw Unmakeable() }
        self.before(self.done)
        var text = CopyText(capacity: 0)
        text.column("\(self.done + 1)")
        text.column(self.texts[self.done])
        text.endRow()
        self.done += 1
        return text
    }
}

private struct LineTexts: PostgresStatement {
    static let sql = "SELECT text FROM line ORDER BY id"
    static func decode(_ row: PostgresRow) throws(PostgresError) -> String? { try row.decode(0) }
}
