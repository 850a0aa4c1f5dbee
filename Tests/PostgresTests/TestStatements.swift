import Foundation
import Postgres

/// A statement that returns one value, for tests.
struct Echo<Value: PostgresDecodable>: PostgresStatement {
    var bind: PostgresBind
    static var sql: String {
        switch Value.self {
        case is String?.Type: "SELECT $1::text"
        case is Int64?.Type: "SELECT $1::bigint"
        case is Int32?.Type: "SELECT $1::integer"
        case is Int16?.Type: "SELECT $1::smallint"
        case is Bool?.Type: "SELECT $1::boolean"
        case is Double?.Type: "SELECT $1::double precision"
        case is Date?.Type: "SELECT $1::timestamptz"
        case is UUID?.Type: "SELECT $1::uuid"
        case is [UInt8]?.Type: "SELECT $1::bytea"
        case is [String?].Type: "SELECT $1::text[]"
        case is [Int64?].Type: "SELECT $1::bigint[]"
        case is [Int32?].Type: "SELECT $1::integer[]"
        case is [Bool?].Type: "SELECT $1::boolean[]"
        case is [Double?].Type: "SELECT $1::double precision[]"
        case is [Date?].Type: "SELECT $1::timestamptz[]"
        case is [UUID?].Type: "SELECT $1::uuid[]"
        default: "SELECT $1"
        }
    }
    var binds: [PostgresBind] { [self.bind] }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Value { try row.decode(0) }
}

extension PostgresSession {
    /// What `value` is after a journey to the server and back.
    func echo<Value: PostgresDecodable>(_ value: Value, as bind: (Value) -> PostgresBind) async throws(PostgresError) -> Value? {
        try await self.first(Echo<Value>(bind: bind(value)))
    }
}

/// Keeps the server busy until it is stopped.
struct SleepLong: PostgresStatement {
    static let sql = "SELECT pg_sleep(600)::text"
    static func decode(_ row: PostgresRow) throws(PostgresError) -> String { try row.decode(0) }
}

/// How many connections to this test's own database are doing something that contains a word; other tests sleep in databases of theirs.
struct BusyConnections: PostgresStatement {
    let word: String
    static let sql = """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND state = 'active' AND query LIKE '%' || $1 || '%' AND pid <> pg_backend_pid()
        """
    var binds: [PostgresBind] { [.text(self.word)] }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Int { try row.decode(0) }
}

/// How many backends this database has, apart from the one that asks.
struct OtherBackends: PostgresStatement {
    static let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Int { try row.decode(0) }
}

/// Which process serves us.
struct Backend: PostgresStatement {
    static let sql = "SELECT pg_backend_pid()"
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Int32 { try row.decode(0) }
}

/// Ends a connection from outside.
struct Terminate: PostgresStatement {
    let backend: Int32
    static let sql = "SELECT pg_terminate_backend($1)"
    var binds: [PostgresBind] { [.int4(self.backend)] }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Bool { try row.decode(0) }
}

/// Adds a row to `note`.
struct AddNote: PostgresStatement {
    let id: Int
    static let sql = "INSERT INTO note (id) VALUES ($1)"
    var binds: [PostgresBind] { [.int(self.id)] }
    typealias Row = PostgresNoRow
}

/// The rows of `note`.
struct Notes: PostgresStatement {
    static let sql = "SELECT id FROM note ORDER BY id"
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Int { try row.decode(0) }
}

/// A setting of the session.
struct Setting: PostgresStatement {
    let name: String
    static let sql = "SELECT current_setting($1)"
    var binds: [PostgresBind] { [.text(self.name)] }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> String { try row.decode(0) }
}

/// What a body of a test throws to see whether it comes out again.
struct OwnError: Error, Equatable { let number: Int }

/// What was waited for did not come.
struct NeverHeld: Error {}

/// Asks until the answer is yes, for a minute at most; each question is a round trip to the server, so this neither sleeps nor spins.
func until(_ holds: () async throws -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(60)
    while try await !holds() {
        try Task.checkCancellation()
        if ContinuousClock.now > end { throw NeverHeld() }
        await Task.yield()
    }
}
