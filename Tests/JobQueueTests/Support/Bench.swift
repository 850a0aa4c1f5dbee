import JobQueue
import Logging
import Postgres
import TestKit

/// A database of a test's own and processors on it, each as another process would be.
struct QueueBench: Sendable {
    let database: TestDatabase
    var pool: PostgresPool { self.database.pool }

    /// Fast settings for tests: nobody is kept waiting, and a lease still outlasts a busy machine's hiccups.
    static var settings: JobProcessorSettings {
        var settings = JobProcessorSettings()
        settings.poll = .milliseconds(50)
        settings.rescue = .milliseconds(50)
        settings.lease = .seconds(6)
        settings.drain = .seconds(10)
        return settings
    }

    /// Each has a database and processors of its own, and leases that must not run out for want of a processor core.
    private static let berths = Berths(free: 4)

    /// Lends a bench on a fresh database.
    static func with<T: Sendable>(on cluster: PrivateCluster? = nil, _ body: (QueueBench) async throws -> T) async throws -> T {
        try await self.berths.lend {
            try await withDatabase(on: cluster) { database in
                try await database.pool.prepareAsking()
                return try await body(QueueBench(database: database))
            }
        }
    }

    /// A processor with connections of its own.
    func processor(
        _ registry: JobRegistry, settings: JobProcessorSettings = QueueBench.settings, url: String? = nil
    ) throws -> (JobProcessor, PostgresPool) {
        let pool = try TestDatabase.makePool(url: url ?? self.database.url)
        var logger = Logger(label: "test.processor")
        logger.logLevel = .critical
        let processor = try JobProcessor(pool: pool, registry: registry, settings: settings, logger: logger)
        return (processor, pool)
    }

    /// Runs a processor for the length of `body`, then has it leave.
    func processing<T: Sendable>(
        _ registry: JobRegistry, settings: JobProcessorSettings = QueueBench.settings, _ body: @Sendable (JobProcessor) async throws -> T
    ) async throws -> T {
        let (processor, pool) = try self.processor(registry, settings: settings)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await processor.run() }
            let value: Result<T, any Error>
            do { value = .success(try await body(processor)) } catch { value = .failure(error) }
            processor.leave()
            try await group.waitForAll()
            await pool.shutdown()
            return try value.get()
        }
    }

    /// Enqueues and commits.
    @discardableResult
    func enqueue<J: Job>(_ jobs: [J], tenant: Int64 = 0, after: Duration? = nil, priority: Int? = nil) async throws -> [JobID] {
        try await self.pool.transaction { tx in try await tx.enqueue(jobs, tenant: tenant, after: after, priority: priority) }
    }

    /// Waits until a query answers what is expected; asks again and again, since no signal crosses from the database.
    func until(_ query: String, is expected: String?) async throws {
        while try await self.pool.ask(query) != expected { try Task.checkCancellation() }
    }

    /// Waits until a processor holds nothing any more.
    func untilIdle(_ processor: JobProcessor) async throws {
        while processor.running > 0 { _ = try await self.pool.ask("SELECT 1") }
    }
}

extension JobRegistry {
    /// What can do these.
    static func of(_ handler: some JobHandler) throws -> JobRegistry {
        var registry = JobRegistry()
        try registry.register(handler)
        return registry
    }

    /// What can do these.
    static func of(_ handler: some JobBatchHandler) throws -> JobRegistry {
        var registry = JobRegistry()
        try registry.register(handler)
        return registry
    }

    /// What can do these.
    static func of(_ handler: some JobHandler, _ batches: some JobBatchHandler) throws -> JobRegistry {
        var registry = try JobRegistry.of(handler)
        try registry.register(batches)
        return registry
    }
}
