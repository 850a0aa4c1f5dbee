import CLibPQ

/// A connection, lent for the length of a closure.
///
/// Two Tasks that use it at once take turns.
///
/// - Ends: after its closure has returned, whatever is run on it fails with `misuse`.
package struct PostgresConnection: PostgresSession {
    let link: Link
    let loan: Loan

    /// All rows.
    package func query<S: PostgresStatement>(_ statement: S) async throws(PostgresError) -> [S.Row] {
        try await self.link.run(statement, for: self.loan).rows(S.decode)
    }

    /// The number of rows inserted, updated, deleted or returned.
    @discardableResult
    package func execute<S: PostgresStatement>(_ statement: S) async throws(PostgresError) -> Int {
        try await self.link.run(statement, for: self.loan).affectedRows
    }

    /// Runs text of several statements in one implicit transaction (unless it says BEGIN itself).
    ///
    /// For migrations and tests; no values.
    package func run(script: String) async throws(PostgresError) {
        _ = try await self.link.run(script: script, for: self.loan)
    }

    /// Runs `body` in a transaction on this connection: COMMIT when it returns, ROLLBACK and its own error when it throws.
    package func transaction<T: Sendable>(
        _ options: PostgresTransactionOptions = PostgresTransactionOptions(), _ body: (PostgresTransaction) async throws -> T
    ) async throws -> T {
        try await PostgresTransaction.run(on: self.link, options, body)
    }

    /// The server's version as a number, `150018` for 15.18.
    package var serverVersion: Int { self.link.wire.serverVersion }
    /// The process that serves it, as in `pg_stat_activity.pid`; behind a proxy, the proxy's invention.
    package var backend: Int32 { self.link.wire.backend }
    /// Whether the connection is encrypted.
    package var usesTLS: Bool { self.link.wire.usesTLS }
}
