import JobQueue
import Postgres
import TestKit
import Testing

/// A process under full load, whose claims follow each other without waiting for it, in trouble.
@Suite(.timeLimit(.minutes(10))) struct FollowingClaimTests {
    private static let jobs = 8_000

    private static var settings: JobProcessorSettings {
        var settings = QueueBench.settings
        // Enough that a claim asks for half of the room.
        settings.concurrency = 4_000
        return settings
    }

    /// Fills the queue; a handler of what is in it, and a journal of its runs.
    private static func fill(_ bench: QueueBench) async throws -> (seen: Journal<Int>, handler: Does<Note>) {
        try await bench.pool.run(
            script: """
                INSERT INTO jobs.job (tenant_id, kind, payload, unique_key)
                SELECT n % 5, 'note', jsonb_build_object('text', n::text), CASE WHEN n % 2 = 0 THEN 'key ' || n END
                FROM generate_series(1, \(Self.jobs)) AS n
                """)
        let seen = Journal<Int>()
        return (
            seen,
            Does(Note.self) { _, _ in
                seen.note(1)
                return .done()
            }
        )
    }

    private static func expectAllDoneOnce(_ bench: QueueBench) async throws {
        let done = try await bench.pool.ask("SELECT count(*) || ' ' || count(DISTINCT id) FROM jobs.history WHERE state = 'done'")
        #expect(done == "\(Self.jobs) \(Self.jobs)")
        #expect(try await bench.pool.ask("SELECT (SELECT count(*) FROM jobs.job) + (SELECT count(*) FROM jobs.dead)") == "0")
    }

    @Test func `promise 9: connections that end while claims follow each other lose nothing and double nothing`() async throws {
        try await QueueBench.with { bench in
            let (seen, handler) = try await Self.fill(bench)
            try await bench.processing(.of(handler), settings: Self.settings) { _ in
                for count in [1, 900, 2_100, 3_700, 5_500, 7_000] {
                    await seen.wait(count: count)
                    try await bench.database.cluster.asSuperuser(
                        """
                        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE datname = '\(bench.database.name)' AND application_name <> '\(bench.database.name)'
                        """)
                }
                try await bench.until("SELECT count(*) FROM jobs.job", is: "0")
            }
            try await Self.expectAllDoneOnce(bench)
        }
    }

    @Test func `promise 1: what a process held that fell while its claims followed each other is ended by others`() async throws {
        try await QueueBench.with { bench in
            let (seen, handler) = try await Self.fill(bench)
            let (processor, pool) = try bench.processor(.of(handler), settings: Self.settings)
            let run = Task { try await processor.run() }
            await seen.wait(count: 1_000)
            run.cancel()
            try await run.value
            await pool.shutdown()
            // In the midst of it.
            #expect(try await bench.pool.ask("SELECT count(*) > 0 FROM jobs.job") == "true")
            try await bench.processing(.of(handler), settings: Self.settings) { _ in
                try await bench.until("SELECT count(*) FROM jobs.job", is: "0")
            }
            try await Self.expectAllDoneOnce(bench)
        }
    }

    @Test func `a process that is told to leave while its claims follow each other ends or hands back all it holds`() async throws {
        try await QueueBench.with { bench in
            let (seen, handler) = try await Self.fill(bench)
            var settings = Self.settings
            // However busy the machine is: neither is to run out, or others take what is held.
            (settings.lease, settings.drain) = (.seconds(300), .seconds(300))
            try await bench.processing(.of(handler), settings: settings) { _ in await seen.wait(count: 1_500) }
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.job WHERE state <> 'ready' OR attempt > 0 OR worker_id IS NOT NULL") == "0")
            #expect(try await bench.pool.ask("SELECT (SELECT count(*) FROM jobs.job) + (SELECT count(*) FROM jobs.history)") == "\(Self.jobs)")
        }
    }
}
