import Postgres
import TestKit
import Testing

@testable import JobQueue

/// What a job costs in transactions: counted by the server, not timed.
@Suite(.timeLimit(.minutes(10))) struct CostTests {
    /// Transactions of the bench's database; those of closed connections are all counted.
    private static func transactions(_ bench: QueueBench) async throws -> Int {
        let count = try await bench.pool.ask(
            "SELECT xact_commit + xact_rollback FROM pg_catalog.pg_stat_database WHERE datname = current_database() AND pg_stat_clear_snapshot() IS NOT NULL"
        )
        return Int(count ?? "") ?? -1
    }

    @Test(arguments: [1, 100]) func `a thousand jobs that end well cost a handful of transactions`(batchSize: Int) async throws {
        try await QueueBench.with { bench in
            let jobs = 10_000
            try await bench.pool.run(
                script: """
                    INSERT INTO jobs.job (kind, payload) SELECT 'note', '{"text":"x"}' FROM generate_series(1, \(jobs));
                    INSERT INTO jobs.job (kind, payload) SELECT 'item', jsonb_build_object('number', n) FROM generate_series(1, \(jobs)) AS n;
                    """)
            var settings = QueueBench.settings
            settings.concurrency = batchSize == 1 ? 1_000 : 10
            // What a process does whether or not there are jobs is not what is counted.
            settings.poll = .seconds(5)
            settings.rescue = .seconds(60)
            settings.notifications = false
            let registry: JobRegistry =
                batchSize == 1
                ? try .of(Does(Note.self) { _, _ in .done() }) : try .of(DoesAll(Item.self, batchSize: batchSize) { _, _ in .all(.done()) })
            let kind = batchSize == 1 ? "note" : "item"
            let before = try await Self.transactions(bench)
            let asked = Journal<Int>()
            try await bench.processing(registry, settings: settings) { processor in
                var isDone = false
                while !isDone {
                    let isLeft = try await bench.pool.ask("SELECT EXISTS (SELECT FROM jobs.job WHERE kind = '\(kind)')")
                    asked.note(1)
                    isDone = isLeft == "false" && processor.running == 0
                }
            }
            let left = try await bench.pool.ask("SELECT count(*) FROM jobs.history WHERE kind = '\(kind)' AND state = 'done'")
            #expect(left == "\(jobs)")
            // Its connections are closed now; ours count at once.
            let cost = try await Self.transactions(bench) - before - asked.entries.count
            // Some ten claims and some tens of ends for ten thousand, and its upkeep; one by one it would be twenty thousand.
            #expect(cost < jobs / 1_000 * 30, "\(cost) transactions for \(jobs) jobs")
        }
    }
}
