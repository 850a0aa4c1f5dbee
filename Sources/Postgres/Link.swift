import CLibPQ
import Synchronization

/// One connection with what belongs to it: its prepared statements, its age, and a line so that it does one thing at a time.
final class Link: Sendable {
    let wire: Wire
    let configuration: PostgresConfiguration
    /// When it was made.
    let born: ContinuousClock.Instant
    private let line = FairLine(places: 1)
    let cache = Mutex(StatementCache())
    private let promptness = Mutex(Promptness())

    init(wire: Wire, configuration: PostgresConfiguration) {
        self.wire = wire
        self.configuration = configuration
        self.born = .now
    }

    /// Whether it can be lent again: alive, and not in a transaction somebody left open.
    var isReusable: Bool { self.wire.isOpen && self.wire.transaction == PQTRANS_IDLE }

    /// Runs one statement as a prepared one, or without preparing it behind a proxy.
    func run<S: PostgresStatement>(_ statement: S, for loan: Loan) async throws(PostgresError) -> PostgresResult {
        let request = try PreparedRequest(statement)
        if loan.hasPosted {
            let results = try await self.run([request], for: loan)
            return results[results.count - 1]
        }
        let binds = request.binds
        return try await self.alone(with: loan) { () async throws(PostgresError) in
            guard self.configuration.preparedStatements else {
                return try await self.send(.statement(S.sql, binds, isBinary: S.isBinary), of: S.self, for: loan)
            }
            do throws(PostgresError) {
                return try await self.runPrepared(S.self, binds, for: loan)
            } catch  where error.isStalePlan || error.code == .server(.invalidStatementName) {
                // A migration changed a table under the plan, or somebody said DEALLOCATE. Nothing has been done yet.
                self.cache.withLock { $0.remove(S.self, types: binds.types) }
                // In a transaction the failure has spoiled it; the next one prepares anew.
                guard self.wire.transaction == PQTRANS_IDLE else { throw error }
                return try await self.runPrepared(S.self, binds, for: loan)
            }
        }
    }

    /// Runs text by the simple protocol: several statements, no values.
    ///
    /// Uncancellable text is what ends transactions.
    func run(script: String, for loan: Loan, isCancellable: Bool = true) async throws(PostgresError) -> [PostgresResult] {
        if script.utf8.contains(0) { throw PostgresError(.unsendable, summary: "the script contains U+0000") }
        if loan.hasPosted { _ = try await self.run([], for: loan) }
        return try await self.alone(with: loan, isCancellable: isCancellable) { () async throws(PostgresError) in
            try await self.exchange(.script(script), as: .script(script), for: loan, isCancellable: isCancellable)
        }
    }

    /// Has the server take rows.
    ///
    /// - Ends: an error of the rows' own is thrown on as it is.
    func copy<C: PostgresCopy>(_ rows: C, for loan: Loan) async throws -> PostgresResult {
        if loan.hasPosted { _ = try await self.run([], for: loan) }
        let bites = CopyBites(rows)
        do throws(PostgresError) {
            return try await self.alone(with: loan) { () async throws(PostgresError) in
                let request = Request.copy(C.sql)
                let results = try await self.exchange(
                    request, as: .statement(ObjectIdentifier(C.self)), for: loan, isCancellable: true, rows: { bites.next() })
                guard let result = results.last else { throw PostgresError(.connectionLost, summary: "an empty answer") }
                return result
            }
        } catch {
            throw bites.failure ?? error
        }
    }

    /// Waits until whoever is using it is done, then ends the loan.
    func end(_ loan: Loan) async {
        _ = await self.line.enter(cancellable: false)
        loan.end()
        self.line.leave()
    }

    private func runPrepared<S: PostgresStatement>(
        _ type: S.Type, _ binds: EncodedBinds, for loan: Loan
    ) async throws(PostgresError) -> PostgresResult {
        let name = try await self.prepare(type, binds, for: loan)
        return try await self.send(.execute(name: name, binds, isBinary: S.isBinary), of: S.self, for: loan)
    }

    /// The name under which the server knows a statement, which it is told if it does not.
    func prepare(_ type: any PostgresStatement.Type, _ binds: EncodedBinds, for loan: Loan) async throws(PostgresError) -> String {
        if let known = self.cache.withLock({ $0.name(of: type, types: binds.types) }) { return known }
        let name = self.cache.withLock { $0.makeName() }
        _ = try await self.wire.exchange(
            .prepare(name: name, sql: type.sql, types: binds.types), deadline: loan.deadline(self.configuration), isCancellable: true)
        self.cache.withLock { $0.insert(name, of: type, types: binds.types) }
        return name
    }

    private func send<S: PostgresStatement>(_ request: Request, of type: S.Type, for loan: Loan) async throws(PostgresError) -> PostgresResult {
        let results = try await self.exchange(request, as: .statement(ObjectIdentifier(type)), for: loan, isCancellable: true)
        guard let result = results.last else { throw PostgresError(.connectionLost, summary: "an empty answer") }
        return result
    }

    /// Sends a request whose last answer tells how the next is best waited for.
    func exchange(
        _ request: Request, as key: Promptness.Key, for loan: Loan, isCancellable: Bool, rows: () -> CopyBite = { .end }
    ) async throws(PostgresError) -> [PostgresResult] {
        let start = ContinuousClock.now
        let isPrompt = self.promptness.withLock { $0.isPrompt(key) }
        defer { self.promptness.withLock { $0.answered(key, after: .now - start) } }
        return try await self.wire.exchange(
            request, deadline: loan.deadline(self.configuration), isCancellable: isCancellable, onTheSpot: isPrompt, rows: rows)
    }

    /// Has the connection to itself while `body` runs.
    ///
    /// Others wait their turn, in order.
    func alone<T>(
        with loan: Loan, isCancellable: Bool = true, _ body: () async throws(PostgresError) -> T
    ) async throws(PostgresError) -> T {
        guard await self.line.enter(cancellable: isCancellable) == .admitted else { throw PostgresError(.cancelled) }
        defer { self.line.leave() }
        guard loan.isOpen else { throw PostgresError(.misuse) }
        return try await body()
    }
}
