/// What a statement can be run on: a connection, a transaction, or a pool (which lends one for the statement).
package protocol PostgresSession: Sendable {
    /// All rows.
    func query<S: PostgresStatement>(_ statement: S) async throws(PostgresError) -> [S.Row]
    /// The number of rows inserted, updated, deleted or returned.
    @discardableResult
    func execute<S: PostgresStatement>(_ statement: S) async throws(PostgresError) -> Int
}

extension PostgresSession {
    /// The first row, if there is one.
    package func first<S: PostgresStatement>(_ statement: S) async throws(PostgresError) -> S.Row? {
        try await self.query(statement).first
    }
}
