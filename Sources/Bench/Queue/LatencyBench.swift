import Fleet
import Foundation
import JobQueue
import Postgres
import Runtime

/// How long an idle process takes from the commit of a job to the start of its handler.
struct LatencyBench: Sendable {
    var jobs = 300
    var interval = Duration.milliseconds(50)
    /// Behind a transaction-pooling proxy nobody is told of new jobs: they are found by polling.
    var polls = false

    /// The waits, in milliseconds, the shortest first.
    func run(_ database: BenchDatabase) async throws -> [Double] {
        let pool = database.pool
        try await database.empty()
        try await database.settle()
        let environment = database.environment.with(
            [VariableName.logFormat: "text"].merging(self.polls ? ["KAKEHASHI_TRANSACTION_POOLING": "1"] : [:]) { $1 })
        return try await ChildFamily.lend(environment: environment) { family in
            let drainer = try await family.start("bench", as: "drainer", ["drainer", "--tells"])
            return try await withThrowingDiscardingTaskGroup { group in
                group.addTask { try await JobNotifier(pool: pool, logger: database.logger).run() }
                defer { group.cancelAll() }
                // Warm, and idle.
                for number in 1...3 {
                    try await pool.enqueue([NoOpJob(number: -number)], tenant: 0)
                    try await Task.sleep(for: .milliseconds(500))
                }
                var committed: [JobID: UInt64] = [:]
                for number in 1...self.jobs {
                    let id = try await pool.enqueue([NoOpJob(number: number)], tenant: 0)[0]
                    committed[id] = MachineClock.nanoseconds
                    try await Task.sleep(for: self.interval * (self.polls ? .random(in: 0.5...1.5) : 1))
                }
                let deadline = ContinuousClock.now + .seconds(10)
                while true {
                    let waits = Self.waits(committed, said: drainer.log.text)
                    if waits.count == self.jobs { return waits.sorted() }
                    guard .now < deadline else { throw Complaint("Only \(waits.count) of \(self.jobs) jobs were started.\n\(family.said)") }
                    try await Task.sleep(for: .milliseconds(100))
                }
            }
        }
    }

    /// A start can come before its commit is known here: then it took no time.
    private static func waits(_ committed: [JobID: UInt64], said: String) -> [Double] {
        said.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count == 3, words[0] == "started", let number = Int64(words[1]), let at = UInt64(words[2]),
                let commit = committed[JobID(rawValue: number)]
            else { return nil }
            return max(0, Double(Int64(at) - Int64(commit)) / 1_000_000)
        }
    }
}
