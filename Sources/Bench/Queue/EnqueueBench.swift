import JobQueue
import Postgres

/// How fast jobs are enqueued, by one client.
struct EnqueueBench: Sendable {
    /// How many a transaction.
    enum Mode: String, Sendable, CaseIterable {
        /// One.
        case single
        /// A thousand.
        case bulk
    }

    var jobs = 20_000
    var mode = Mode.bulk
    var keyed = true

    /// Enqueues them; how long it took, in seconds, and what it cost.
    func run(_ database: BenchDatabase) async throws -> (seconds: Double, cost: Cost) {
        let pool = database.pool
        try await database.empty()
        try await database.settle()
        let bite = self.mode == .bulk ? 1_000 : 1
        // Prepares the statement.
        _ = try await pool.enqueue(NoOpJob.jobs(1, from: 0, keyed: self.keyed), tenant: 0)
        let meter = try await CostMeter(pool)
        let computing = ProcessClock.seconds(of: ProcessClock.this) ?? 0
        let start = ContinuousClock.now
        var first = 1
        while first <= self.jobs {
            let ids = try await pool.enqueue(NoOpJob.jobs(min(bite, self.jobs - first + 1), from: first, keyed: self.keyed), tenant: 0)
            first += ids.count
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        return (seconds, try await meter.cost(pool, client: (ProcessClock.seconds(of: ProcessClock.this) ?? 0) - computing))
    }
}
