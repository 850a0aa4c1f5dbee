import JobQueue
import Postgres
import Testing

/// Many jobs at once go into the queue in one stream: whoever enqueues them can't tell the difference.
@Suite(.timeLimit(.minutes(10))) struct StreamTests {
    private static func notes(_ count: Int, keyed: Bool = true, text: String = "") -> [Note] {
        (0..<count).map { Note("\(text)\t\\\($0)\n", key: keyed ? "キー \\\(($0 * 7_919) % count)" : nil) }
    }

    /// What is written under each number, in the order of the numbers given.
    private static func written(_ ids: [JobID], _ bench: QueueBench) async throws -> String? {
        let list = ids.map { "\($0)" }.joined(separator: ",")
        return try await bench.pool.ask(
            """
            SELECT string_agg(concat(j.payload ->> 'text', '|', j.unique_key), ' ' ORDER BY given.place)
            FROM unnest(ARRAY[\(list)]::bigint[]) WITH ORDINALITY AS given(id, place) JOIN jobs.job j USING (id)
            """)
    }

    private static func expected(_ notes: [Note]) -> String { notes.map { "\($0.text)|\($0.key ?? "")" }.joined(separator: " ") }

    @Test(arguments: [true, false]) func `each of a thousand jobs stands under the number that came back for it`(keyed: Bool) async throws {
        try await QueueBench.with { bench async throws in
            for count in [1_000, 2_345] {
                try await bench.pool.run(script: "DELETE FROM jobs.job")
                let notes = Self.notes(count, keyed: keyed)
                let ids = try await bench.enqueue(notes, priority: 3)
                #expect(Set(ids).count == count)
                #expect(try await Self.written(ids, bench) == Self.expected(notes))
                let alike = "priority = 3 AND state = 'ready' AND kind = 'note' AND max_attempts = 3 AND run_at <= now()"
                #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.job WHERE \(alike)") == "\(count)")
            }
        }
    }

    @Test func `promise 4: those whose key waits already are moved forward, wherever among a thousand they stand`() async throws {
        try await QueueBench.with { bench async throws in
            let notes = Self.notes(1_000)
            let old = try await bench.enqueue([notes[999], notes[500]], after: .seconds(3_600))
            let ids = try await bench.enqueue(notes)
            #expect([ids[999], ids[500]] == old)
            #expect(try await bench.pool.ask("SELECT concat(count(*), ' ', count(*) FILTER (WHERE state = 'ready')) FROM jobs.job") == "1000 1000")
            #expect(try await Self.written(ids, bench) == Self.expected(notes))
        }
    }

    @Test func `promise 4: a stream that meets another transaction's key waits for it, and moves its job forward`() async throws {
        try await QueueBench.with { bench async throws in
            let notes = Self.notes(600, text: "new")
            let enqueued = Journal<JobID>()
            let mayCommit = Door()
            async let other: Void = bench.pool.transaction { tx in
                enqueued.note(try await tx.enqueue(Note("old", key: notes[300].key), tenant: 0))
                try await mayCommit.pass()
            }
            await enqueued.wait(count: 1)
            async let late = bench.enqueue(notes)
            let waiting = "datname = current_database() AND query LIKE 'COPY jobs.job %' AND wait_event_type = 'Lock'"
            try await bench.until("SELECT count(*) FROM pg_stat_activity WHERE \(waiting)", is: "1")
            mayCommit.open()
            try await other
            let ids = try await late
            #expect(ids[300] == enqueued.entries.first)
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.job") == "600")
            #expect(try await Self.written(ids, bench) == Self.expected(notes))
        }
    }

    @Test func `a stream goes in by the order of its keys, however they are given, so that two can't lock each other out`() async throws {
        try await QueueBench.with { bench async throws in
            // The last first: a stream in the order given would hold key 599 while it waits for key 300, and the other transaction the other way round.
            let notes = (0..<600).reversed().map { Note("x", key: "k\(1_000 + $0)") }
            let enqueued = Journal<JobID>()
            let mayGoOn = Door()
            async let other: Void = bench.pool.transaction { tx in
                enqueued.note(try await tx.enqueue(Note("old", key: "k1300"), tenant: 0))
                try await mayGoOn.pass()
                enqueued.note(try await tx.enqueue(Note("old", key: "k1599"), tenant: 0))
            }
            await enqueued.wait(count: 1)
            async let late = bench.enqueue(notes)
            let waiting = "datname = current_database() AND query LIKE 'COPY jobs.job %' AND wait_event_type = 'Lock'"
            try await bench.until("SELECT count(*) FROM pg_stat_activity WHERE \(waiting)", is: "1")
            mayGoOn.open()
            try await other
            let ids = try await late
            #expect([ids[299], ids[0]] == enqueued.entries)
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.job") == "600")
        }
    }

    @Test func `promise 4: streams of the same keys in any order make one job a key, and none is refused`() async throws {
        try await QueueBench.with { bench async throws in
            let notes = Self.notes(1_500)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        let shuffled = notes.shuffled()
                        let ids = try await bench.enqueue(shuffled)
                        #expect(Set(ids).count == notes.count)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.job") == "1500")
        }
    }

    @Test func `a thousand keys are looked for by the key from the first day on, when statistics tell of an empty queue`() async throws {
        try await QueueBench.with { bench async throws in
            try await bench.pool.run(script: "ALTER TABLE jobs.job SET (autovacuum_enabled = off)")
            try await bench.pool.run(script: "VACUUM ANALYZE jobs.job")
            for _ in 0..<20 { try await bench.enqueue((0..<1_000).map { _ in Note("x", key: "\(UInt64.random(in: 0...UInt64.max))") }) }
            let look = """
                EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON)
                SELECT jobs.is_awaited(0, 'note', (SELECT array_agg('new ' || i) FROM generate_series(1, 1000) i))
                """
            // The first one reads the catalogue too.
            _ = try await bench.pool.ask(look)
            let plan = try #require(try await bench.pool.ask(look))
            let blocks = try #require(plan.firstMatch(of: /"Shared Hit Blocks": (\d+)/).flatMap { Int($0.1) })
            #expect((1_000..<6_000).contains(blocks), "\(plan)")
        }
    }

    @Test(arguments: [true, false]) func `of jobs one of which can't be written down none is enqueued`(keyed: Bool) async throws {
        try await QueueBench.with { bench async throws in
            let jobs = (0..<1_300).map { Share(value: $0 == 1_250 ? .nan : Double($0), key: keyed ? "k\($0)" : nil) }
            await #expect(throws: JobQueueError.self) { try await bench.enqueue(jobs) }
            await #expect(throws: JobQueueError.self) { try await bench.pool.enqueue(jobs, tenant: 0) }
            try await bench.pool.transaction { tx in
                _ = try? await tx.enqueue(jobs, tenant: 0)
                try await tx.enqueue(Note("after"), tenant: 0)
            }
            #expect(try await bench.pool.ask("SELECT string_agg(kind, ' ') FROM jobs.job") == "note")
        }
    }

    @Test func `a key that is no key is refused as by the statement: with the constraint's name, and nothing written`() async throws {
        try await QueueBench.with { bench async throws in
            let tooLong = String(repeating: "長", count: 400)
            for count in [1, 500] {
                let notes = (0..<count).map { Note("x", key: $0 == count - 1 ? tooLong : "k\($0)") }
                let error = await #expect(throws: PostgresError.self) { try await bench.enqueue(notes) }
                #expect(error?.constraint == "job_unique_key_short")
                #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.job") == "0")
            }
        }
    }
}

/// A job whose payload may be none: JSON knows no NaN.
private struct Share: Job {
    static let kind = "share"
    var value: Double
    var key: String?
    var uniqueKey: String? { self.key }
}
