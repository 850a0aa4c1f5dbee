import Fleet
import Foundation
import Postgres
import Runtime

/// How fast jobs that do nothing are claimed, run and ended, by processes of their own.
struct DrainBench: Sendable {
    var jobs = 20_000
    var processes = 1
    var mode = KindMode.single
    /// Further jobs that wait behind them.
    var backlog = 0
    /// Further jobs behind a shut gate.
    var parked = 0
    /// Jobs that ended before.
    var history = 0
    var tenants = 1
    var keyed = false
    var concurrency = 4_000
    /// A transaction of somebody else stays open from before the first job to after the last.
    var holdsTransaction = false

    /// One draining.
    struct Result: Sendable {
        let seconds: Double
        let cost: Cost
        /// The most that one of the processes held in memory, in bytes.
        let memory: Int
    }

    /// Fills the queue, starts the processes, and waits until the jobs have ended.
    func run(_ database: BenchDatabase) async throws -> Result {
        let pool = database.pool
        try await database.empty()
        if self.history > 0 { try await pool.execute(FillHistory(jobs: self.history)) }
        if self.parked > 0 {
            try await pool.run(script: "INSERT INTO jobs.gate (tenant_id, name, shut_until, reason) VALUES (-1, 'tenant', 'infinity', 'bench')")
            try await pool.execute(FillJobs(jobs: self.parked, tenant: -1, keyed: false))
        }
        try await pool.execute(FillJobs(jobs: self.jobs + self.backlog, tenants: self.tenants, keyed: self.keyed))
        try await database.settle()
        guard self.holdsTransaction else { return try await self.drain(database) }
        return try await pool.connection { connection in
            try await connection.run(script: "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM jobs.gate")
            try await connection.run(script: "SET LOCAL idle_in_transaction_session_timeout = 0")
            let result = try await self.drain(database)
            try await connection.run(script: "ROLLBACK")
            return result
        }
    }

    private func drain(_ database: BenchDatabase) async throws -> Result {
        let pool = database.pool
        guard let since = try await pool.first(ServerNow()), let before = try await pool.first(EndedRoughly()) else { throw CancellationError() }
        return try await ChildFamily.lend(environment: database.environment.with([VariableName.logFormat: "text"])) { family in
            let meter = try await CostMeter(pool)
            var children: [ChildProcess] = []
            for number in 1...self.processes {
                children.append(
                    try await family.start(
                        "bench", as: "drainer \(number)",
                        [
                            "drainer", "--kind-mode", self.mode.rawValue, "--concurrency",
                            "\(self.mode == .single ? self.concurrency : max(1, self.concurrency / 100))",
                        ]))
            }
            let deadline = ContinuousClock.now + .seconds(max(120, self.jobs / 500))
            var seen = 0
            while true {
                // A look at the queue costs the server what some hundred jobs do: only when its own count has stopped.
                let ended = (try await pool.first(EndedRoughly()) ?? 0) - before
                if ended >= self.jobs { break }
                if ended == seen, ended > 0, self.backlog == 0, try await pool.first(JobsLeft()) == false { break }
                seen = ended
                if let dead = children.first(where: { !$0.isRunning }) { throw Complaint("\(dead.name) ended:\n\(dead.log.tail(lines: 10))") }
                guard .now < deadline else { throw Complaint("The jobs were not done in time.\n\(family.said)") }
                try await Task.sleep(for: .milliseconds(200))
            }
            let memory = children.compactMap { ProcessMemory(of: $0.pid) }
            let cost = try await meter.cost(pool, client: children.compactMap { ProcessClock.seconds(of: $0.pid) }.reduce(0, +))
            for child in children { await child.stop(grace: .seconds(10)) }
            guard let time = try await pool.first(DrainTime(since: since, jobs: self.jobs)), time.ended == self.jobs else {
                throw Complaint("Not all jobs have ended.")
            }
            return Result(seconds: time.seconds, cost: cost, memory: memory.map(\.peak).max() ?? 0)
        }
    }
}
