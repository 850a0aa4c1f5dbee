import CLibPQ
import Synchronization

/// An open transaction, lent for the length of a closure.
///
/// What is run on it takes effect as a whole, or not at all.
///
/// - Ends: COMMIT when the closure returns; ROLLBACK when it throws. `commitUnknown` when no answer to COMMIT came.
package struct PostgresTransaction: PostgresSession {
    let link: Link
    let loan: Loan
    private let hooks: Hooks
    private let depth: Int

    private final class Hooks: Sendable {
        let actions = Mutex<[@Sendable () -> Void]>([])
    }

    /// All rows.
    package func query<S: PostgresStatement>(_ statement: S) async throws(PostgresError) -> [S.Row] {
        try await self.link.run(statement, for: self.loan).rows(S.decode)
    }

    /// The number of rows inserted, updated, deleted or returned.
    @discardableResult
    package func execute<S: PostgresStatement>(_ statement: S) async throws(PostgresError) -> Int {
        try await self.link.run(statement, for: self.loan).affectedRows
    }

    /// The rows of two statements, in one trip; the second sees what the first has done.
    package func query<A: PostgresStatement, B: PostgresStatement>(
        _ first: A, and second: B
    ) async throws(PostgresError) -> (first: [A.Row], second: [B.Row]) {
        let results = try await self.link.run([PreparedRequest(first), PreparedRequest(second)], for: self.loan)
        return (try results[0].rows(A.decode), try results[1].rows(B.decode))
    }

    /// Has a statement carried out with the next one, in one trip.
    ///
    /// Its error is thrown by whatever comes next, and be it the COMMIT. For what is written and not asked.
    package func post<S: PostgresStatement>(_ statement: S) throws(PostgresError) {
        guard self.loan.isOpen else { throw PostgresError(.misuse) }
        self.loan.post(try PreparedRequest(statement))
    }

    /// Writes rows in one stream; how many.
    ///
    /// - Ends: an error of the rows' own is thrown on as it is, and spoils the transaction like one of the server's.
    @discardableResult
    package func copy<C: PostgresCopy>(_ rows: C) async throws -> Int {
        try await self.link.copy(rows, for: self.loan).affectedRows
    }

    /// Runs text of several statements within this transaction.
    ///
    /// For migrations and tests; no values.
    package func run(script: String) async throws(PostgresError) {
        _ = try await self.link.run(script: script, for: self.loan)
    }

    /// Has `action` run once COMMIT has succeeded; in the order given, and not at all when it has not.
    ///
    /// Within a savepoint that is rolled back: dropped.
    package func afterCommit(_ action: @escaping @Sendable () -> Void) {
        self.hooks.actions.withLock { $0.append(action) }
    }

    /// Runs `body` so that a failure in it undoes only what it did; its own error is thrown on.
    package func savepoint<T: Sendable>(_ body: (PostgresTransaction) async throws -> T) async throws -> T {
        let name = "s\(self.depth + 1)"
        _ = try await self.link.run(command: "SAVEPOINT \(name)", for: self.loan, isCancellable: true)
        let inner = PostgresTransaction(link: self.link, loan: self.loan, hooks: Hooks(), depth: self.depth + 1)
        let value: T
        do {
            value = try await body(inner)
            // Never cancelled: the body has succeeded, and a cancellation here would spoil the whole transaction.
            _ = try await self.link.run(command: "RELEASE SAVEPOINT \(name)", for: self.loan)
        } catch {
            self.loan.forget()
            // When this fails too, so will COMMIT: the transaction is spoiled and the connection is thrown away.
            _ = try? await self.link.run(
                script: "ROLLBACK TO SAVEPOINT \(name); RELEASE SAVEPOINT \(name)", for: self.loan, isCancellable: false)
            throw error
        }
        let actions = inner.hooks.actions.withLock { $0 }
        self.hooks.actions.withLock { $0 += actions }
        return value
    }

    /// BEGIN, `body`, COMMIT or ROLLBACK.
    static func run<T: Sendable>(
        on link: Link, _ options: PostgresTransactionOptions, _ body: (PostgresTransaction) async throws -> T
    ) async throws -> T {
        let loan = Loan()
        loan.wait(options.deadline)
        _ = try await link.run(script: options.begin(link.configuration), for: loan)
        let transaction = PostgresTransaction(link: link, loan: loan, hooks: Hooks(), depth: 0)
        let value: T
        do {
            value = try await body(transaction)
        } catch {
            await link.end(loan)
            // Never cancelled, as it is what cleans up. When it fails, the connection is not idle and so is not lent again.
            _ = try? await link.run(script: "ROLLBACK", for: Loan(), isCancellable: false)
            throw error
        }
        await link.end(loan)
        try await Self.commit(link, loan, options)
        for action in transaction.hooks.actions.withLock({ $0 }) { action() }
        return value
    }

    private static func commit(
        _ link: Link, _ body: Loan, _ options: PostgresTransactionOptions
    ) async throws(PostgresError) {
        let loan = Loan()
        loan.wait(options.deadline)
        for request in body.takePosted() { loan.post(request) }
        if body.hasLost { loan.lose() }
        do throws(PostgresError) {
            // COMMIT of a transaction in which a statement failed answers "ROLLBACK", and no error.
            let tag = try await link.run(command: "COMMIT", for: loan).commandTag
            if tag == "ROLLBACK" {
                throw PostgresError(.server(.inFailedTransaction), summary: "a statement in it failed, so it was rolled back")
            }
        } catch  where error.isOutcomeUnknown || error.isFatal {
            throw PostgresError(.commitUnknown, sqlState: error.sqlState, detail: error.detail)
        } catch {
            // What was posted failed, or was never sent; COMMIT was not carried out.
            if link.wire.transaction != PQTRANS_IDLE { _ = try? await link.run(command: "ROLLBACK", for: Loan()) }
            throw error
        }
    }
}
