import Foundation
import Postgres
import Synchronization
import TestKit
import Testing

@testable import JobQueue

/// Claims that follow each other go on where the last one stopped, and miss nothing for longer than until the next look round.
@Suite(.timeLimit(.minutes(10))) struct ClaimLinesTests {
    private static func claim(_ lines: ClaimLines, room: Int = 100, cursor: JobCursor = .start) -> JobClaim {
        let offer = JobOffer(kind: "note", version: 1, gate: nil, room: room, batchSize: 1)
        return JobClaim(
            worker: UUID(), lease: .seconds(60), room: room, steps: 64, offers: [offer], cursor: cursor, lines: lines.lines)
    }

    @Test func `two lines are emptied in order, each job once, by claims that follow each other`() async throws {
        try await QueueBench.with { bench in
            for tenant in [3, 8] as [Int64] { try await bench.enqueue((1...250).map { Note("\($0)") }, tenant: tenant) }
            var lines = ClaimLines()
            var taken: [JobClaimed] = []
            while true {
                let rows = try await bench.pool.query(Self.claim(lines))
                let jobs = try rows.jobs
                if jobs.isEmpty { break }
                taken += jobs
                lines = try lines.after(rows, try #require(rows.sight), width: 64, at: .now)
                #expect(lines.lines.count == 2)
            }
            #expect(Set(taken.map(\.id)).count == 500 && taken.count == 500)
            for tenant in [3, 8] as [Int64] {
                let ids = taken.filter { $0.tenant == tenant }.map(\.id)
                #expect(ids == ids.sorted())
            }
        }
    }

    @Test(arguments: [(tenants: 64, room: 1_000), (tenants: 150, room: 1_000), (tenants: 150, room: 20), (tenants: 65, room: 64)])
    func `more lines than a claim looks at, or has room for, are gone round in turn and emptied, each job once`(tenants: Int, room: Int) async throws
    {
        try await QueueBench.with { bench in
            let jobs = 100
            try await bench.pool.run(
                script: """
                    INSERT INTO jobs.job (tenant_id, kind, payload)
                    SELECT t, 'note', '{"text":"x"}' FROM generate_series(1, \(jobs)) AS n, generate_series(1, \(tenants)) AS t
                    """)
            let start = ContinuousClock.now
            var lines = ClaimLines()
            var cursor = JobCursor.start
            var taken: [JobClaimed] = []
            var followed = 0
            while taken.count < tenants * jobs {
                let rows = try await bench.pool.query(Self.claim(lines, room: room, cursor: cursor))
                let sight = try #require(rows.sight)
                let brought = try rows.jobs
                // Only who looked round may find nothing.
                if brought.isEmpty, lines.lines.isEmpty { break }
                if !lines.lines.isEmpty { followed += brought.count }
                taken += brought
                cursor = sight.cursor
                lines = try lines.after(rows, sight, width: 64, at: start)
            }
            #expect(taken.count == tenants * jobs && Set(taken.map(\.id)).count == taken.count)
            // Most of them without looking round.
            #expect(followed > taken.count / 2, "\(followed) of \(taken.count)")
            // At each moment all tenants have had about as many.
            let turn = (room + 63) / 64
            for share in [tenants * turn * 2, taken.count / 2, taken.count * 3 / 4] {
                let counts = Dictionary(grouping: taken.prefix(share).map(\.tenant)) { $0 }.mapValues(\.count)
                let (least, most) = (counts.values.min() ?? 0, counts.values.max() ?? 0)
                #expect(counts.count == tenants && most - least <= 3 * turn, "\(least) to \(most) of \(share)")
            }
            for tenant in [1, tenants / 2, tenants] {
                let ids = taken.filter { $0.tenant == tenant }.map(\.id)
                #expect(ids.count == jobs && ids == ids.sorted())
            }
        }
    }

    @Test func `what a claim goes on in ends with all of a tenant's lines`() async throws {
        try await QueueBench.with { bench in
            try await bench.pool.run(
                script: """
                    INSERT INTO jobs.job (tenant_id, kind, priority, payload)
                    SELECT t, 'note', p, '{"text":"x"}' FROM generate_series(1, 20) AS t, (VALUES (2), (7)) AS u (p), generate_series(1, 3)
                    """)
            // Five of each tenant: three that are urgent, two that are not.
            let rows = try await bench.pool.query(Self.claim(ClaimLines(), room: 100))
            let sight = try #require(rows.sight)
            for (width, count) in [(9, 10), (10, 10), (39, 40), (64, 40)] {
                let lines = try ClaimLines().after(rows, sight, width: width, at: .now).lines
                #expect(lines.count == count)
                #expect(lines.last?.priority == 7)
            }
        }
    }

    @Test func `of more tenants than are worth remembering all are met, and few are remembered`() async throws {
        try await QueueBench.with { bench in
            let tenants = 6_000
            try await bench.pool.run(
                script: """
                    INSERT INTO jobs.job (tenant_id, kind, payload) SELECT t, 'note', '{"text":"x"}' FROM generate_series(1, \(tenants)) AS t
                    """)
            var lines = ClaimLines()
            var cursor = JobCursor.start
            var taken: Set<Int64> = []
            var most = 0
            while taken.count < tenants {
                let rows = try await bench.pool.query(Self.claim(lines, cursor: cursor))
                let jobs = try rows.jobs
                if jobs.isEmpty { break }
                taken.formUnion(jobs.map(\.tenant))
                let sight = try #require(rows.sight)
                cursor = sight.cursor
                lines = try lines.after(rows, sight, width: 64, at: .now)
                most = max(most, lines.count)
            }
            #expect(taken.count == tenants)
            #expect((2_000...4_096).contains(most))
        }
    }

    @Test func `what came with an earlier time is found by the next look round`() async throws {
        try await QueueBench.with { bench in
            try await bench.enqueue((1...200).map { Note("\($0)") })
            let rows = try await bench.pool.query(Self.claim(ClaimLines()))
            let lines = try ClaimLines().after(rows, try #require(rows.sight), width: 64, at: .now)
            try await bench.pool.run(
                script: "INSERT INTO jobs.job (kind, payload, run_at) VALUES ('note', '{\"text\":\"early\"}', now() - interval '1 hour')")
            #expect(try await bench.pool.query(Self.claim(lines, room: 10)).jobs.allSatisfy { $0.runAt > Date() - 1_800 })
            let found = try await bench.pool.query(Self.claim(ClaimLines(), room: 1)).jobs
            #expect(found.first.map { $0.runAt < Date() - 1_800 } == true)
        }
    }

    @Test func `before all had their turn, and a second after they were met, it looks round`() async throws {
        try await QueueBench.with { bench in
            for tenant in 1...5 as ClosedRange<Int64> { try await bench.enqueue((1...20).map { Note("\($0)") }, tenant: tenant) }
            let some = try await bench.pool.query(Self.claim(ClaimLines(), room: 3))
            #expect(try ClaimLines().after(some, try #require(some.sight), width: 64, at: .now).lines.isEmpty)
            let since = ContinuousClock.now
            let all = try await bench.pool.query(Self.claim(ClaimLines(), room: 10))
            let met = try ClaimLines().after(all, try #require(all.sight), width: 64, at: since)
            #expect(met.lines.count == 5)
            let further = try await bench.pool.query(Self.claim(met, room: 10))
            let sight = try #require(further.sight)
            #expect(try met.after(further, sight, width: 64, at: since + .milliseconds(999)).lines.count == 5)
            #expect(try met.after(further, sight, width: 64, at: since + .seconds(1)).lines.isEmpty)
        }
    }

    @Test func `who came while claims followed each other is found before the process rests`() async throws {
        try await QueueBench.with { bench in
            try await bench.enqueue((1...6_000).map { Note("\($0)") }, tenant: 1)
            var settings = QueueBench.settings
            settings.concurrency = 4_000
            // Nobody tells of them, and a rest would outlast the test.
            settings.poll = .seconds(600)
            settings.notifications = false
            let seen = Journal<Int64>()
            let pool = bench.pool
            let handler = Does(Note.self) { job, _ in
                seen.note(job.tenant)
                if job.payload.text == "2500" {
                    try await pool.run(
                        script: "INSERT INTO jobs.job (tenant_id, kind, payload) SELECT 2, 'note', '{\"text\":\"late\"}' FROM generate_series(1, 10)")
                }
                return .done()
            }
            try await bench.processing(.of(handler), settings: settings) { _ in await seen.wait(count: 6_010) }
            #expect(seen.entries.count { $0 == 2 } == 10)
        }
    }

    @Test func `a tenant's limit holds also where claims follow each other`() async throws {
        try await QueueBench.with { bench in
            try await bench.enqueue((1...1_000).map { Note("\($0)") }, tenant: 1)
            var settings = QueueBench.settings
            settings.concurrency = 4_000
            let counts = Mutex<(now: Int, most: Int)>((0, 0))
            let seen = Journal<Int>()
            var registry = JobRegistry()
            let handler = Does(Note.self) { _, _ in
                counts.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
                // Long enough that the next claim has come back while these still run.
                for _ in 0..<200 { await Task.yield() }
                counts.withLock { $0.now -= 1 }
                seen.note(1)
                return .done()
            }
            try registry.register(handler, tenantLimit: 20)
            try await bench.processing(registry, settings: settings) { _ in await seen.wait(count: 1_000) }
            #expect(counts.withLock { $0.most } <= 20)
        }
    }
}
