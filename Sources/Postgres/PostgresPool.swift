package import Logging
import ServiceLifecycle
import Synchronization

/// Lends connections to one database, never more than `poolSize` at once, first come first served.
///
/// - Shape: lends from the moment it is made, whether or not `run` has begun; connections are made when somebody needs one.
///   `run` closes those that have grown old or idle, and at graceful shutdown the pool: put it before its users in a service group.
/// - Ends: a broken connection is thrown away, and while the database is away each borrower tries once, after a wait that
///   all share and a while of its own; so a borrower's loop may simply try again.
package final class PostgresPool: Service, Sendable {
    /// How it was made.
    package let configuration: PostgresConfiguration
    let logger: Logger
    private let line: FairLine
    private let shelf = Mutex(IdleShelf<Link>())
    private let state = Mutex(State())

    private struct State {
        var lent = 0
        var isClosed = false
        var lastBorrower: OneShot<Void>?
    }

    /// Connects to nothing yet.
    package init(configuration: PostgresConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        self.line = FairLine(places: max(1, configuration.poolSize))
    }

    deinit { for link in self.shelf.withLock({ $0.takeAll() }) { link.wire.close() } }

    /// How many connections are lent, how many lie idle, how many borrowers wait.
    package var usage: (lent: Int, idle: Int, waiting: Int) {
        (self.state.withLock { $0.lent }, self.shelf.withLock { $0.count }, self.line.waitingCount)
    }

    /// Whether `shutdown` has been called.
    package var isClosed: Bool { self.state.withLock { $0.isClosed } }

    /// Keeps house until graceful shutdown, then shuts the pool down.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: min(.seconds(10), self.configuration.connectionIdle / 2))
                self.closeOld()
            }
        }
        await self.shutdown()
    }

    /// Lends a connection to `body`.
    ///
    /// Its own error is thrown on as it is.
    package func connection<T: Sendable>(_ body: (PostgresConnection) async throws -> T) async throws -> T {
        let link = try await self.take()
        let loan = Loan()
        do {
            let value = try await body(PostgresConnection(link: link, loan: loan))
            await self.giveBack(link, loan)
            return value
        } catch {
            await self.giveBack(link, loan)
            throw error
        }
    }

    /// Lends a transaction to `body`: COMMIT when it returns, ROLLBACK when it throws; its own error is thrown on as it is.
    package func transaction<T: Sendable>(_ body: (PostgresTransaction) async throws -> T) async throws -> T {
        try await self.transaction(PostgresTransactionOptions(), body)
    }

    /// As `transaction`, in another manner than the usual.
    package func transaction<T: Sendable>(
        _ options: PostgresTransactionOptions, _ body: (PostgresTransaction) async throws -> T
    ) async throws -> T {
        try await self.connection { try await $0.transaction(options, body) }
    }

    /// Messages on `channels`, on a connection of its own beside the pool's.
    ///
    /// Does not work behind a transaction-pooling proxy.
    package func listen(channels: [String]) -> PostgresNotifications {
        PostgresNotifications(pool: self, channels: channels)
    }

    /// Lends no more, waits for what is lent to come back, and closes everything.
    package func shutdown() async {
        let last = self.state.withLock { state -> OneShot<Void>? in
            guard !state.isClosed else { return nil }
            state.isClosed = true
            guard state.lent > 0 else { return nil }
            let last = OneShot<Void>()
            state.lastBorrower = last
            return last
        }
        self.line.close()
        if let last { await last.value() }
        for link in self.shelf.withLock({ $0.takeAll() }) { link.wire.close() }
    }

    private func closeOld() {
        let old = self.shelf.withLock {
            $0.takeOld(idle: self.configuration.connectionIdle, age: self.configuration.connectionAge, at: .now)
        }
        for link in old { link.wire.close() }
    }

    private func take() async throws(PostgresError) -> Link {
        switch await self.line.enter(until: .now + self.configuration.lendTimeout) {
        case .admitted: break
        case .cancelled: throw PostgresError(.cancelled)
        case .deadline: throw PostgresError(.poolExhausted)
        case .closed: throw PostgresError(.poolClosed)
        }
        let isClosed = self.state.withLock { state in
            if !state.isClosed { state.lent += 1 }
            return state.isClosed
        }
        if isClosed {
            self.line.leave()
            throw PostgresError(.poolClosed)
        }
        do throws(PostgresError) {
            return try await self.idleOrNew()
        } catch {
            self.leave()
            throw error
        }
    }

    private func idleOrNew() async throws(PostgresError) -> Link {
        while let link = self.shelf.withLock({ $0.take() }) {
            // Asks the kernel, not the server: a server that went away has said good-bye, and that lies in the socket.
            if link.isReusable, link.wire.isQuiet(), !self.isOld(link) { return link }
            link.wire.close()
        }
        return try await self.connect()
    }

    /// A new connection, for lending or listening.
    ///
    /// After failures, not before the time that all agree on.
    func connect() async throws(PostgresError) -> Link {
        if let attempt = self.shelf.withLock({ $0.attempt(jitter: .random(in: 0...1)) }), attempt > .now {
            do { try await Task.sleep(until: attempt, clock: .continuous) } catch { throw PostgresError(.cancelled) }
        }
        let start = ContinuousClock.now
        do throws(PostgresError) {
            let wire = try await WireConnector.connect(self.configuration)
            let failures = self.shelf.withLock { shelf in
                defer { shelf.connected() }
                return shelf.failures
            }
            if failures > 0 { self.logger.info("Database is back", metadata: ["database.failures": "\(failures)"]) }
            return Link(wire: wire, configuration: self.configuration)
        } catch {
            if error.code != .cancelled {
                let (isNews, failures) = self.shelf.withLock { ($0.failed(begunAt: start, at: .now), $0.failures) }
                self.logger.log(
                    level: isNews && failures == 1 ? .warning : .debug, "Database can't be reached",
                    metadata: ["database.error": "\(error)", "database.failures": "\(failures)"])
            }
            throw error
        }
    }

    /// Each connection's own age limit is up to a tenth shorter, so that a pool filled at once is not emptied at once.
    private func isOld(_ link: Link) -> Bool {
        let share = Double(UInt(bitPattern: ObjectIdentifier(link).hashValue) % 100) / 1_000
        return link.born + self.configuration.connectionAge * (1 - share) <= .now
    }

    private func giveBack(_ link: Link, _ loan: Loan) async {
        await link.end(loan)
        if link.isReusable {
            self.shelf.withLock { $0.put(link, born: link.born, at: .now) }
        } else {
            link.wire.close()
        }
        self.leave()
    }

    private func leave() {
        let last = self.state.withLock { state -> OneShot<Void>? in
            state.lent -= 1
            return state.lent == 0 ? state.lastBorrower : nil
        }
        self.line.leave()
        last?.settle(())
    }
}

extension PostgresPool: PostgresSession {
    /// Lends a connection for one statement: all rows.
    package func query<S: PostgresStatement>(_ statement: S) async throws(PostgresError) -> [S.Row] {
        try await self.lend { link, loan throws(PostgresError) in try await link.run(statement, for: loan).rows(S.decode) }
    }

    /// Lends a connection for one statement: the number of rows inserted, updated, deleted or returned.
    @discardableResult
    package func execute<S: PostgresStatement>(_ statement: S) async throws(PostgresError) -> Int {
        try await self.lend { link, loan throws(PostgresError) in try await link.run(statement, for: loan).affectedRows }
    }

    /// Lends a connection for text of several statements, in one implicit transaction.
    ///
    /// For migrations and tests.
    package func run(script: String) async throws(PostgresError) {
        try await self.lend { link, loan throws(PostgresError) in _ = try await link.run(script: script, for: loan) }
    }

    /// As `connection`, for what fails with our own errors only.
    private func lend<T: Sendable>(_ body: (Link, Loan) async throws(PostgresError) -> T) async throws(PostgresError) -> T {
        let link = try await self.take()
        let loan = Loan()
        do throws(PostgresError) {
            let value = try await body(link, loan)
            await self.giveBack(link, loan)
            return value
        } catch {
            await self.giveBack(link, loan)
            throw error
        }
    }
}
