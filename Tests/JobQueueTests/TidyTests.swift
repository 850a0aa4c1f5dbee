import Postgres
import TestKit
import Testing

@testable import JobQueue

/// The hot table under steady load (promise 13).
@Suite(.timeLimit(.minutes(20))) struct TidyTests {
    private static let statistics = "FROM pg_catalog.pg_stat_all_tables WHERE relid = 'jobs.job'::regclass"

    @Test func `promise 13: workers clear what is done out of the hot table, and it stops growing`() async throws {
        try await QueueBench.with { bench in
            // The server's own cleaning comes once a minute at most; here only the workers do it.
            try await bench.pool.run(script: "ALTER TABLE jobs.job SET (autovacuum_enabled = off)")
            let handler = DoesAll(Item.self, batchSize: 50) { _, _ in .all(.done()) }
            try await bench.processing(.of(handler)) { processor in
                // Uncleared, each wave makes it larger. How large it is before that ends depends on how fast this machine is; that it ends does not.
                var highest = 0
                var wavesWithin = 0
                var waves = 0
                var vacuums = 0
                let wave = 2_500
                while wavesWithin < 15 || vacuums < 4, waves < 400 {
                    try await bench.enqueue((0..<wave).map { Item(number: waves * wave + $0) })
                    try await bench.until("SELECT count(*) < 100 FROM jobs.job", is: "true")
                    let seen = try await bench.pool.ask("SELECT pg_relation_size('jobs.job') || ' ' || vacuum_count \(Self.statistics)")
                    let numbers = seen?.split(separator: " ").compactMap { Int($0) } ?? []
                    let size = try #require(numbers.first)
                    wavesWithin = size > highest ? 0 : wavesWithin + 1
                    highest = max(highest, size)
                    vacuums = numbers.last ?? 0
                    waves += 1
                }
                try await bench.untilIdle(processor)
                #expect(wavesWithin >= 15, "still growing after \(waves) waves and \(vacuums) clearings: \(highest) bytes")
            }
        }
    }

    @Test func `clearing that leaves most of what it found comes ever more seldom, until it is of use again`() {
        var pace = TidyPace()
        // A busy queue: more each time, and all of it goes.
        for found in [2_500, 20_000, 160_000] { #expect(pace.rest(found: found, left: found / 10) == .seconds(2)) }
        // Somebody's old transaction.
        let rests = (1...8).map { pace.rest(found: 50_000 * $0, left: 49_000 * $0) }
        #expect(rests == [4, 8, 16, 32, 60, 60, 60, 60].map { .seconds($0) })
        #expect(pace.rest(found: 400_000, left: 10) == .seconds(2))
    }
}
