import Postgres
import TestKit
import Testing

@Suite(.timeLimit(.minutes(10))) struct TestKitTests {
    private struct Who: PostgresStatement {
        static let sql = "SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user"
        static func decode(_ row: PostgresRow) throws(PostgresError) -> String {
            "\(try row.decode(0, as: String.self)) \(try row.decode(1, as: Bool.self))"
        }
    }

    private struct Nonsense: PostgresStatement {
        static let sql = "SELECT no_such_column"
        typealias Row = PostgresNoRow
    }

    @Test func `a test gets a database of its own, as a role that is no superuser`() async throws {
        try await withPool { pool async throws in #expect(try await pool.first(Who()) == "kakehashi false") }
    }

    @Test func `a statement the server can't parse is an issue`() async throws {
        try await withPool(migrated: false) { pool async throws in
            try await expectServerParses([Who.self, Backend.self], pool)
            await withKnownIssue { try await expectServerParses([Nonsense.self], pool) }
        }
    }
}
