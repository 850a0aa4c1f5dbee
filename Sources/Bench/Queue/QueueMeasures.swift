import Postgres
import Runtime

/// Runs benchmarks of the queue in turn with their reference, and takes the medians.
struct QueueMeasures: Sendable {
    /// What came of a benchmark and its reference.
    struct Figures: Sendable {
        let jobs: Int
        /// How long they took.
        let seconds: Double
        /// Rows a second by bare statements.
        let reference: Double
        let cost: Cost
        /// The most that one of our processes held in memory, in bytes.
        var memory = 0

        /// Jobs a second.
        var rate: Double { Double(self.jobs) / self.seconds }
        /// Of what bare statements reach.
        var ratio: Double { self.rate / self.reference }
    }

    /// Waits from commit to start, in milliseconds.
    struct Waits: Sendable {
        /// The shortest first.
        let sorted: [Double]

        /// So long at the most waited this part of them.
        func share(_ part: Double) -> Double {
            self.sorted.isEmpty ? .nan : self.sorted[min(self.sorted.count - 1, Int(Double(self.sorted.count) * part))]
        }
    }

    let database: BenchDatabase
    let scripts: String
    let rounds: Int

    /// Claim, run, end: beside as many clients of `pgbench` as there are processes.
    func drain(_ bench: DrainBench) async throws -> Figures {
        let reference = try PgBench(scripts: self.scripts, database: self.database)
        var bare: [Double] = []
        var results: [DrainBench.Result] = []
        for _ in 0..<self.rounds {
            try await reference.prepare(rows: bench.jobs)
            bare.append(try await reference.run(.claimAndComplete, rows: bench.jobs, clients: bench.processes))
            results.append(try await bench.run(self.database))
        }
        return Figures(
            jobs: bench.jobs, seconds: results.map(\.seconds).median, reference: bare.median, cost: results.map(\.cost).median,
            memory: results.map(\.memory).max() ?? 0)
    }

    /// In, beside one client of `pgbench`.
    func enqueue(_ bench: EnqueueBench) async throws -> Figures {
        let reference = try PgBench(scripts: self.scripts, database: self.database)
        var bare: [Double] = []
        var results: [(seconds: Double, cost: Cost)] = []
        for _ in 0..<self.rounds {
            try await reference.prepare(rows: 0)
            bare.append(try await reference.run(bench.mode == .bulk ? .insertMany : .insertOne, rows: bench.jobs, clients: 1))
            results.append(try await bench.run(self.database))
        }
        return Figures(
            jobs: bench.jobs, seconds: results.map(\.seconds).median, reference: bare.median, cost: results.map(\.cost).median)
    }

    /// From commit to start.
    func latency(_ bench: LatencyBench) async throws -> Waits { Waits(sorted: try await bench.run(self.database)) }

    /// The version of the server.
    var version: String { get async throws { try await self.database.pool.first(ServerVersion()) ?? "unknown" } }

    /// A line for a benchmark with a reference.
    func measure(
        _ name: String, _ what: [(String, Measure.Value)], _ figures: Figures, _ more: [(String, Measure.Value)] = []
    ) async throws -> Measure {
        Measure(
            name,
            what + [
                ("jobs", .count(figures.jobs)), ("seconds", .decimal(figures.seconds)), ("per_second", .decimal(figures.rate)),
                ("reference_per_second", .decimal(figures.reference)), ("ratio", .decimal(figures.ratio)), ("rounds", .count(self.rounds)),
            ] + figures.cost.figures(jobs: figures.jobs) + more, postgresVersion: try await self.version)
    }
}
