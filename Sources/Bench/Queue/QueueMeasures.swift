import Postgres
import Runtime

/// Runs benchmarks of the queue in turn with their reference, and makes measures of the medians.
struct QueueMeasures: Sendable {
    let database: BenchDatabase
    let scripts: String
    let rounds: Int

    /// Claim, run, end: beside as many clients of `pgbench` as there are processes.
    func drain(_ name: String, _ bench: DrainBench) async throws -> Measure {
        let reference = try PgBench(scripts: self.scripts, database: self.database)
        var bare: [Double] = []
        var results: [DrainBench.Result] = []
        for _ in 0..<self.rounds {
            try await reference.prepare(rows: bench.jobs)
            bare.append(try await reference.run(.claimAndComplete, rows: bench.jobs, clients: bench.processes))
            results.append(try await bench.run(self.database))
        }
        let seconds = results.map(\.seconds).median
        let cost = results.map(\.cost).median
        return try await self.measure(
            name, [("kind_mode", .name(bench.mode.rawValue)), ("processes", .count(bench.processes))], jobs: bench.jobs, seconds: seconds,
            reference: bare.median, cost: cost,
            [
                ("backlog", .count(bench.backlog)), ("parked", .count(bench.parked)), ("history", .count(bench.history)),
                ("tenants", .count(bench.tenants)), ("keyed", .name("\(bench.keyed)")), ("held_transaction", .name("\(bench.holdsTransaction)")),
                ("peak_memory_bytes", .count(results.map(\.memory).max() ?? 0)),
            ])
    }

    /// In, beside one client of `pgbench`.
    func enqueue(_ name: String, _ bench: EnqueueBench) async throws -> Measure {
        let reference = try PgBench(scripts: self.scripts, database: self.database)
        var bare: [Double] = []
        var results: [(seconds: Double, cost: Cost)] = []
        for _ in 0..<self.rounds {
            try await reference.prepare(rows: 0)
            bare.append(try await reference.run(bench.mode == .bulk ? .insertMany : .insertOne, rows: bench.jobs, clients: 1))
            results.append(try await bench.run(self.database))
        }
        return try await self.measure(
            name, [("mode", .name(bench.mode.rawValue))], jobs: bench.jobs, seconds: results.map(\.seconds).median, reference: bare.median,
            cost: results.map(\.cost).median, [])
    }

    /// From commit to start.
    func latency(_ name: String, _ bench: LatencyBench) async throws -> Measure {
        let waits = try await bench.run(self.database)
        func share(_ part: Double) -> Double { waits[min(waits.count - 1, Int(Double(waits.count) * part))] }
        let seconds = waits.reduce(0, +) / 1_000
        return Measure(
            name,
            [
                ("jobs", .count(bench.jobs)), ("seconds", .decimal(seconds)), ("per_second", .decimal(Double(bench.jobs) / seconds)),
                ("polling", .name("\(bench.polls)")), ("p50_ms", .decimal(share(0.5))), ("p95_ms", .decimal(share(0.95))),
                ("p99_ms", .decimal(share(0.99))), ("max_ms", .decimal(waits.last ?? 0)),
            ], postgresVersion: try await self.version)
    }

    private func measure(
        _ name: String, _ what: [(String, Measure.Value)], jobs: Int, seconds: Double, reference: Double, cost: Cost, _ more: [(String, Measure.Value)]
    ) async throws -> Measure {
        let rate = Double(jobs) / seconds
        return Measure(
            name,
            what + [
                ("jobs", .count(jobs)), ("seconds", .decimal(seconds)), ("per_second", .decimal(rate)), ("reference_per_second", .decimal(reference)),
                ("ratio", .decimal(rate / reference)), ("rounds", .count(self.rounds)),
            ] + cost.figures(jobs: jobs) + more, postgresVersion: try await self.version)
    }

    private var version: String { get async throws { try await self.database.pool.first(ServerVersion()) ?? "unknown" } }
}
