import Postgres

/// Tries a batch of writes in a transaction that is always undone, to learn which of them the database refuses.
enum Rehearsal {
    /// What is thrown to undo everything.
    private struct Over: Error {}

    /// The items that are refused, each with its reason.
    ///
    /// - Parameters:
    ///   - hold: what has to be held while it is tried.
    ///   - attempt: writes some of the items.
    static func run<Item: Sendable>(
        _ batch: [Item], on pool: PostgresPool, hold: HoldTurn,
        attempt: @Sendable ([Item], PostgresTransaction) async throws(PostgresError) -> Void
    ) async throws -> [(item: Item, error: PostgresError)] {
        var refused: [(item: Item, error: PostgresError)] = []
        do {
            try await pool.transaction { tx in
                try await tx.execute(hold)
                refused = try await Self.halve(batch[...], in: tx, attempt: attempt)
                throw Over()
            }
        } catch is Over {}
        return refused
    }

    private static func halve<Item: Sendable>(
        _ batch: ArraySlice<Item>, in tx: PostgresTransaction, attempt: ([Item], PostgresTransaction) async throws(PostgresError) -> Void
    ) async throws -> [(item: Item, error: PostgresError)] {
        do {
            try await tx.savepoint { try await attempt(Array(batch), $0) }
            return []
        } catch let error as PostgresError where error.blamesTheRecord {
            if batch.count <= 1 { return batch.map { ($0, error) } }
            let middle = batch.startIndex + batch.count / 2
            return try await Self.halve(batch[..<middle], in: tx, attempt: attempt)
                + Self.halve(batch[middle...], in: tx, attempt: attempt)
        }
    }
}
