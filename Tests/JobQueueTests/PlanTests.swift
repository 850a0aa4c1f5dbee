import Foundation
import Postgres
import TestKit
import Testing

@testable import JobQueue

/// A million jobs wait and a million are history: no statement of the engine touches more than what it is about, whatever the statistics say.
@Suite(.timeLimit(.minutes(10))) struct PlanTests {
    private static let million = """
        INSERT INTO jobs.job (tenant_id, kind, payload, unique_key)
        SELECT i % 7, 'note', '{"text":"x"}', CASE WHEN i % 2 = 0 THEN 'k' || i END FROM generate_series(1, 1000000) AS i;
        INSERT INTO jobs.job (tenant_id, kind, payload, state, run_at)
        SELECT i % 7, 'note', '{"text":"x"}', 'scheduled', now() + interval '1 day' FROM generate_series(1, 50000) AS i;
        INSERT INTO jobs.history (id, tenant_id, kind, version, priority, state, attempt, max_attempts, crashes, run_at, lease_no, created_at, ended_at, payload)
        SELECT i, 0, 'note', 1, 5, 'done', 1, 20, 0, now(), 1, now(), now() + i * interval '1 millisecond', '{"text":"x"}'
        FROM generate_series(1, 1000000) AS i;
        """

    /// The most rows that any node of a plan brought up or threw away.
    private static func most(_ plan: [String]) -> Int {
        plan.compactMap { $0.firstMatch(of: /(?:actual rows=|Rows Removed by Filter: )(\d+)/).flatMap { Int($0.1) } }.max() ?? 0
    }

    private static func claim(_ pool: PostgresPool, lines: [ClaimLines.Line] = []) -> JobClaim {
        let offer = JobOffer(kind: "note", version: 1, gate: "vendor", room: 200, batchSize: 1)
        var claim = JobClaim(worker: UUID(), lease: .seconds(60), room: 200, steps: 64, offers: [offer], cursor: .start)
        claim.lines = lines
        return claim
    }

    @Test func `promise 13: at a million waiting and a million in the history each statement touches what it is about`() async throws {
        try await QueueBench.with { bench in
            // As the engine's own connections plan it; and the server's own analysis doesn't come between.
            let pool = try bench.database.makePool { configuration in
                configuration.sessionSettings = JobProcessor.plannerSettings
                configuration.statementTimeout = .seconds(300)
                configuration.deadline = .seconds(320)
            }
            try await pool.run(script: "ALTER TABLE jobs.job SET (autovacuum_enabled = off); ANALYZE jobs.job; ANALYZE jobs.history")
            try await pool.run(script: Self.million)
            // First with statistics from when there was nothing, then with true ones.
            for statistics in ["of an empty table", "as it is"] {
                if statistics == "as it is" { try await pool.run(script: "ANALYZE jobs.job; ANALYZE jobs.history") }
                func guardPlan<S: PostgresStatement>(_ statement: S, most: Int) async throws {
                    let plan = try await pool.query(Explained(statement: statement))
                    let text = "\(S.self), statistics \(statistics):\n\(plan.joined(separator: "\n").prefix(6_000))"
                    #expect(!plan.contains { $0.contains("Seq Scan on job") || $0.contains("Seq Scan on history") || $0.contains("JIT") }, "\(text)")
                    #expect(!plan.contains { $0.contains("Disk:") }, "\(text)")
                    #expect(Self.most(plan) <= most, "\(text)")
                }
                try await guardPlan(Self.claim(pool), most: 400)
                let rows = try await pool.query(Self.claim(pool))
                let jobs = try rows.jobs
                #expect(jobs.count == 200)
                let sight = try #require(rows.sight)
                try await guardPlan(Self.claim(pool, lines: try ClaimLines().after(rows, sight, width: 64, at: .now).lines), most: 400)
                let runs = jobs.map(\.run).sorted { $0.id < $1.id }
                try await guardPlan(JobsFence(runs: runs), most: 200)
                try await guardPlan(JobsHeartbeat(runs: runs, lease: .seconds(60), worker: WorkerIdentity(version: "0")), most: 200)
                try await guardPlan(JobsDone(runs: Array(runs.prefix(100))), most: 100)
                let ends = runs.dropFirst(100).map { JobEnd(id: $0.id, lease: $0.lease, fate: .retry, reason: "again", delay: .seconds(60)) }
                try await guardPlan(JobsEnd(ends: ends), most: 200)
                try await guardPlan(JobsExpired(lease: .zero, limit: 100), most: 1_200)
                try await guardPlan(JobsPromote(bite: 500, after: -1), most: 500)
                let keys = (0..<1_000).map { "\(statistics) \($0)" }
                try await guardPlan(
                    JobsInsert(
                        tenant: 0, kind: "note", version: 1, priority: 5, maxAttempts: 20, payloads: keys.map { _ in "{}" }, keys: keys, runAt: nil,
                        after: nil), most: 1_000)
            }
            await pool.shutdown()
        }
    }

    @Test func `a handler's statement is planned once for all tenants: no plan goes by whose rows it is about`() async throws {
        try await QueueBench.with { bench in
            let pool = try bench.database.makePool { $0.sessionSettings = JobProcessor.handlerSettings }
            let plans = try await pool.connection { connection in
                // The server itself would begin to think of it at the sixth.
                for number in 1...7 as ClosedRange<Int64> {
                    _ = try await connection.query(JobsFence(runs: [JobRun(id: JobID(rawValue: number), lease: 1)]))
                }
                return try await connection.query(
                    Ask(query: "SELECT sum(custom_plans) || ' ' || max(generic_plans) FROM pg_catalog.pg_prepared_statements")
                ).first ?? nil
            }
            await pool.shutdown()
            #expect(plans == "0 7")
        }
    }

    @Test func `a claim and an end write less than a kilobyte a job each, and an enqueue no more`() async throws {
        try await QueueBench.with { bench in
            func bytes<S: PostgresStatement>(_ statement: S) async throws -> Int {
                let plan = try await bench.pool.query(Written(statement: statement))
                return try #require(
                    plan.lazy.compactMap { $0.firstMatch(of: /WAL: records=\d+(?: fpi=\d+)? bytes=(\d+)/).flatMap { Int($0.1) } }.max())
            }
            let insert = JobsInsert(
                tenant: 0, kind: "note", version: 1, priority: 5, maxAttempts: 20, payloads: (0..<1_000).map { _ in #"{"text":"x"}"# },
                keys: (0..<1_000).map { "key \($0)" }, runAt: nil, after: nil)
            #expect(try await bytes(insert) < 1_000 * 700)
            _ = try await bench.pool.query(Self.claim(bench.pool))
            #expect(try await bytes(Self.claim(bench.pool)) < 200 * 900)
            let runs = try await bench.pool.query(Self.claim(bench.pool)).jobs.map(\.run)
            #expect(try await bytes(JobsDone(runs: runs)) < 200 * 700)
        }
    }
}

/// A statement run, and what it wrote to the log.
private struct Written<S: PostgresStatement>: PostgresStatement {
    static var sql: String { "EXPLAIN (ANALYZE, WAL, COSTS OFF, TIMING OFF, SUMMARY OFF) \(S.sql)" }
    let statement: S

    var binds: [PostgresBind] { self.statement.binds }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> String { try row.decode(0) }
}
