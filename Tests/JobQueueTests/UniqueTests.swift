import JobQueue
import Postgres
import Testing

@Suite(.timeLimit(.minutes(20))) struct UniqueTests {
    @Test func `promise 4: sixteen at once with the same keys make one job a key, and all are told its number`() async throws {
        try await QueueBench.with { bench in
            let keys = (0..<50).map { "k\($0)" }
            let told = try await withThrowingTaskGroup(of: [JobID].self) { group in
                for turn in 0..<16 {
                    group.addTask {
                        let shuffled = keys.shuffled()
                        let ids = try await bench.enqueue(shuffled.map { Note("turn \(turn)", key: $0) })
                        return zip(shuffled, ids).sorted { $0.0 < $1.0 }.map(\.1)
                    }
                }
                return try await group.reduce(into: [[JobID]]()) { $0.append($1) }
            }
            #expect(Set(told).count == 1)
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.job") == "50")
        }
    }

    @Test func `of jobs with one key in a batch the last counts; those without a key are all kept`() async throws {
        try await QueueBench.with { bench in
            let ids = try await bench.enqueue([Note("a", key: "x"), Note("b"), Note("c", key: "x"), Note("d")])
            #expect(ids[0] == ids[2])
            #expect(Set(ids).count == 3)
            #expect(try await bench.pool.ask("SELECT payload->>'text' FROM jobs.job WHERE id = \(ids[0])") == "c")
            #expect(try await bench.pool.ask("SELECT payload->>'text' FROM jobs.job WHERE id = \(ids[1])") == "b")
            #expect(try await bench.pool.ask("SELECT payload->>'text' FROM jobs.job WHERE id = \(ids[3])") == "d")
        }
    }

    @Test func `a more urgent or earlier one moves the waiting job forward, a lesser one changes nothing of that`() async throws {
        try await QueueBench.with { bench in
            let id = try await bench.enqueue([Note("a", key: "x")], after: .seconds(3_600), priority: 5)[0]
            try await bench.enqueue([Note("b", key: "x")], after: .seconds(60), priority: 2)
            try await bench.enqueue([Note("c", key: "x")], after: .seconds(7_200), priority: 8)
            let row = "SELECT concat(id, ' ', priority, ' ', state, ' ', run_at < now() + interval '2 minutes', ' ', payload->>'text') FROM jobs.job"
            #expect(try await bench.pool.ask(row) == "\(id) 2 scheduled t c")
            try await bench.enqueue([Note("d", key: "x")])
            #expect(try await bench.pool.ask(row) == "\(id) 2 ready t d")
        }
    }

    @Test func `a failed job keeps its back-off when its key is enqueued again`() async throws {
        try await QueueBench.with { bench in
            try await bench.pool.run(
                script: """
                    INSERT INTO jobs.job (kind, payload, unique_key, state, attempt, run_at)
                    VALUES ('note', '{"text":"a"}', 'x', 'scheduled', 3, now() + interval '1 hour')
                    """)
            try await bench.enqueue([Note("b", key: "x")])
            #expect(try await bench.pool.ask("SELECT concat(state, run_at > now() + interval '50 minutes') FROM jobs.job") == "scheduledt")
        }
    }

    @Test func `promise 4: a change that commits while the waiting job is being claimed is never missed`() async throws {
        // The dirty mark: an enqueue that finds the key waiting must keep that job from being claimed before its own transaction is visible.
        try await QueueBench.with { bench in
            try await bench.pool.run(script: "CREATE TABLE fact (value int); INSERT INTO fact VALUES (0)")
            try await bench.enqueue([Note("x", key: "x")])
            let enqueued = Journal<Int>()
            let mayCommit = Door()
            let seen = Journal<String>()
            async let change: Void = bench.pool.transaction { tx in
                try await tx.run(script: "UPDATE fact SET value = 1")
                try await tx.enqueue(Note("x", key: "x"), tenant: 0)
                enqueued.note(1)
                try await mayCommit.pass()
            }
            await enqueued.wait(count: 1)
            let other = Does(Note.self) { job, context in
                seen.note("\(job.payload.text) \(try await context.pool.ask("SELECT value FROM fact") ?? "-")")
                return .done()
            }
            try await bench.processing(.of(other)) { _ in
                try await bench.enqueue([Note("y")])
                // By the time y has run, x was passed over: it is locked.
                await seen.wait(count: 1)
                mayCommit.open()
                await seen.wait(count: 2)
            }
            try await change
            #expect(seen.entries == ["y 0", "x 1"])
        }
    }

    @Test func `promise 4: jobs with one key never run at the same time, and what is enqueued while one runs runs after it`() async throws {
        try await QueueBench.with { bench in
            let journal = Journal<String>()
            let handler = Does(Note.self) { job, context in
                journal.note("begin \(job.payload.text)")
                if job.payload.text.hasPrefix("first") {
                    _ = try await context.pool.transaction { tx in try await tx.enqueue(Note("second", key: job.payload.key), tenant: job.tenant) }
                    _ = try await context.pool.transaction { tx in try await tx.enqueue(Note("other"), tenant: job.tenant) }
                    // The other one runs while we do: the processors have looked for work, and passed the second over.
                    await journal.wait { $0.contains("end other") }
                }
                journal.note("end \(job.payload.text)")
                return .done()
            }
            try await bench.enqueue([Note("first", key: "k")])
            try await bench.processing(.of(handler)) { _ in
                try await bench.processing(.of(handler)) { _ in await journal.wait { $0.contains("end second") } }
            }
            #expect(journal.entries == ["begin first", "begin other", "end other", "end first", "begin second", "end second"])
        }
    }

    @Test func `a job that fails while a newer one with its key waits merges into it`() async throws {
        try await QueueBench.with { bench in
            let journal = Journal<String>()
            let handler = Does(Note.self) { job, context in
                journal.note("\(job.payload.text) \(job.attempt)")
                guard job.payload.text == "old" else { return .done() }
                _ = try await context.pool.transaction { tx in try await tx.enqueue(Note("new", key: "k"), tenant: 0) }
                return .retry(reason: "no luck")
            }
            let old = try await bench.enqueue([Note("old", key: "k")])[0]
            try await bench.processing(.of(handler)) { _ in
                try await bench.until("SELECT count(*) FROM jobs.history WHERE state = 'done'", is: "1")
            }
            #expect(journal.entries == ["old 1", "new 2"])
            #expect(
                try await bench.pool.ask("SELECT state || ' ' || (reason LIKE 'superseded by %') FROM jobs.history WHERE id = \(old)")
                    == "cancelled true")
            #expect(try await bench.pool.ask("SELECT errors->0->>'error' FROM jobs.history WHERE state = 'done'") == "no luck")
        }
    }
}
