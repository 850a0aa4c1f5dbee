import Fleet
import Foundation
import Postgres
import Runtime

/// What a worker costs that has nothing to do: the real program, watched for a while.
struct IdleBench: Sendable {
    var seconds = 60

    /// What was seen.
    struct Result: Sendable {
        let statementsPerSecond: Double
        /// The share of a core.
        let share: Double
        /// Bytes in memory now.
        let memory: Int
    }

    func run(_ database: BenchDatabase) async throws -> Result {
        try await database.empty()
        let environment = database.environment.with([
            VariableName.logFormat: LogFormat.text.rawValue, VariableName.logLevel: "warning", "KAKEHASHI_HEALTH_PORT": "0",
            VariableName.masterKey: Data((0..<32).map { _ in UInt8.random(in: .min ... .max) }).base64EncodedString(),
        ])
        return try await ChildFamily.lend(environment: environment) { family in
            let worker = try await family.start("worker", as: "worker")
            // Until it has connected, registered and found its pace. The server's own counts come up to ten seconds late.
            try await Task.sleep(for: .seconds(15))
            guard let before = try await database.pool.first(TransactionCount()), let computing = ProcessClock.seconds(of: worker.pid) else {
                throw Complaint("The worker ended:\n\(worker.log.tail(lines: 10))")
            }
            let start = ContinuousClock.now
            try await Task.sleep(for: .seconds(self.seconds))
            let after = try await database.pool.first(TransactionCount()) ?? 0
            let length = (ContinuousClock.now - start) / .seconds(1)
            guard let memory = ProcessMemory(of: worker.pid), let end = ProcessClock.seconds(of: worker.pid) else {
                throw Complaint("The worker ended:\n\(worker.log.tail(lines: 10))")
            }
            // One of them is our own asking.
            return Result(statementsPerSecond: Double(after - before - 1) / length, share: (end - computing) / length, memory: memory.resident)
        }
    }
}
