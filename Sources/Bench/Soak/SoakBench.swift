import Fleet
import Foundation
import JobQueue
import Postgres
import Runtime

/// A steady stream of jobs for a long time: whether anything grows.
struct SoakBench: Sendable {
    var minutes = 30
    var perSecond = 2_000
    /// Between two enqueued batches.
    private static let beat = Duration.milliseconds(50)

    /// A minute of it.
    struct Minute: Sendable {
        /// Pages of the hot table and its indexes, in bytes.
        let queueBytes: Int
        /// What the process holds in memory, in bytes.
        let memory: Int
        /// Of the minute's waits from commit to start, in milliseconds.
        let p50: Double
        let p99: Double
        let started: Int
    }

    /// Enqueues and drains; `told` hears of each minute as it ends.
    func run(_ database: BenchDatabase, told: @escaping @Sendable (Int, Minute) -> Void = { _, _ in }) async throws -> [Minute] {
        let pool = database.pool
        try await database.empty()
        try await database.settle()
        return try await ChildFamily.lend(environment: database.environment.with([VariableName.logFormat: LogFormat.text.rawValue])) { family in
            let drainer = try await family.start("bench", as: "drainer", ["drainer", "--concurrency", "200", "--samples"])
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await JobNotifier(pool: pool, logger: database.logger).run() }
                defer { group.cancelAll() }
                var minutes: [Minute] = []
                var number = 1
                let start = ContinuousClock.now
                for minute in 1...self.minutes {
                    let end = start + .seconds(60 * minute)
                    while .now < end {
                        let batch = max(1, Int((ContinuousClock.now - start) / .seconds(1) * Double(self.perSecond)) - number + 1)
                        // In a job's number is when it was committed, as near as its process can tell: just before.
                        let now = MachineClock.nanoseconds
                        try await pool.enqueue((0..<batch).map { _ in NoOpJob(number: Int(now)) }, tenant: 0)
                        number += batch
                        try await Task.sleep(for: Self.beat)
                    }
                    guard let bytes = try await pool.first(QueueSize()), let memory = ProcessMemory(of: drainer.pid) else {
                        throw Complaint("The process ended:\n\(drainer.log.tail(lines: 10))")
                    }
                    let words = drainer.log.tail(lines: 1).split(separator: " ")
                    guard words.count == 4, words[0] == "waited", let count = Int(words[1]), let p50 = Double(words[2]), let p99 = Double(words[3])
                    else {
                        throw Complaint("The process did not say how long jobs waited:\n\(drainer.log.tail(lines: 10))")
                    }
                    let seen = Minute(queueBytes: bytes, memory: memory.resident, p50: p50, p99: p99, started: count)
                    minutes.append(seen)
                    told(minute, seen)
                }
                return minutes
            }
        }
    }
}
