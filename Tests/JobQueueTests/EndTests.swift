import Foundation
import JobQueue
import Postgres
import Testing

@Suite(.timeLimit(.minutes(20))) struct EndTests {
    struct Vendor: JobVerdictConvertible { let verdict: Verdict }
    struct Boom: Error, CustomStringConvertible { var description: String { "boom" } }

    @Test func `a job that keeps failing dies after its attempts, with the error of each`() async throws {
        try await QueueBench.with { bench in
            let id = try await bench.enqueue([Note("x")])[0]
            let handler = Does(Note.self) { job, _ in
                if job.attempt == 1 { throw Boom() }
                return .retry(reason: "failed \(job.attempt)")
            }
            try await bench.processing(.of(handler)) { _ in try await bench.until("SELECT count(*) FROM jobs.dead", is: "1") }
            #expect(try await bench.pool.ask("SELECT reason FROM jobs.dead WHERE id = \(id)") == "3 of 3 attempts are spent: failed 3")
            #expect(
                try await bench.pool.ask("SELECT jsonb_path_query_array(errors, '$[*].error')::text FROM jobs.dead")
                    == #"["boom", "failed 2", "failed 3"]"#)
        }
    }

    @Test func `a postponement costs no attempt, however often`() async throws {
        try await QueueBench.with { bench in
            try await bench.enqueue([Note("x")])
            let runs = Journal<Int>()
            let handler = Does(Note.self) { job, _ in
                runs.note(job.attempt)
                return runs.entries.count < 8 ? .postpone(for: .milliseconds(5), reason: "not yet") : .done()
            }
            try await bench.processing(.of(handler)) { _ in try await bench.until("SELECT count(*) FROM jobs.history", is: "1") }
            #expect(runs.entries == Array(repeating: 1, count: 8))
        }
    }

    @Test func `bury, and an error that knows its verdict, end as they say`() async throws {
        try await QueueBench.with { bench in
            try await bench.enqueue([Note("a"), Note("b"), Note("c")])
            let handler = Does(Note.self) { job, _ in
                switch job.payload.text {
                case "a": return .bury(reason: "hopeless")
                case "b": throw Vendor(verdict: .bury(reason: "rejected"))
                default: throw Vendor(verdict: .done())
                }
            }
            try await bench.processing(.of(handler)) { _ in try await bench.until("SELECT count(*) FROM jobs.job", is: "0") }
            #expect(try await bench.pool.ask("SELECT string_agg(reason, ',' ORDER BY id) FROM jobs.dead") == "hopeless,rejected")
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.history WHERE state = 'done'") == "1")
        }
    }

    @Test func `promise 1: what a job changed, what it enqueued and that it is done happen together or not at all`() async throws {
        try await QueueBench.with { bench in
            try await bench.pool.run(script: "CREATE TABLE fact (value int CHECK (value < 10))")
            try await bench.enqueue([Note("5"), Note("50")])
            let handler = Does(Note.self) { job, _ in
                guard Int(job.payload.text) != nil else { return .done() }
                return .done { tx in
                    try await tx.enqueue(Note("after"), tenant: 0)
                    try await tx.run(script: "INSERT INTO fact VALUES (\(job.payload.text))")
                }
            }
            try await bench.processing(.of(handler)) { _ in
                try await bench.until("SELECT concat((SELECT count(*) FROM jobs.history), (SELECT count(*) FROM jobs.dead))", is: "21")
            }
            #expect(try await bench.pool.ask("SELECT string_agg(value::text, ',') FROM fact") == "5")
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.history WHERE payload->>'text' = 'after'") == "1")
            #expect(try await bench.pool.ask("SELECT payload->>'text' || attempt FROM jobs.dead") == "503")
        }
    }

    @Test func `promise 5: each job of a batch ends by itself`() async throws {
        try await QueueBench.with { bench in
            try await bench.pool.run(script: "CREATE TABLE fact (value int)")
            let ids = try await bench.enqueue((1...6).map { Item(number: $0) })
            let sizes = Journal<Int>()
            let handler = DoesAll(Item.self, batchSize: 10) { jobs, _ in
                sizes.note(jobs.count)
                guard jobs.count == 6 else { return .all(.done()) }
                var verdicts: [JobID: Verdict] = [:]
                for job in jobs where job.payload.number <= 4 {
                    verdicts[job.id] =
                        switch job.payload.number {
                        case 1: .bury(reason: "bad record")
                        case 2: .retry(reason: "again", after: .seconds(3_600))
                        case 3: .postpone(for: .seconds(3_600), reason: "later")
                        default: .done { tx in try await tx.run(script: "INSERT INTO fact VALUES (4)") }
                        }
                }
                return BatchVerdict(verdicts, others: .done()) { tx, held in
                    for _ in held { try await tx.run(script: "INSERT INTO fact VALUES (100)") }
                }
            }
            try await bench.processing(.of(handler)) { _ in try await bench.until("SELECT count(*) FROM jobs.history", is: "3") }
            #expect(sizes.entries == [6])
            #expect(try await bench.pool.ask("SELECT reason FROM jobs.dead WHERE id = \(ids[0])") == "bad record")
            #expect(try await bench.pool.ask("SELECT concat(state, attempt) FROM jobs.job WHERE id = \(ids[1])") == "scheduled1")
            #expect(try await bench.pool.ask("SELECT concat(state, attempt) FROM jobs.job WHERE id = \(ids[2])") == "scheduled0")
            #expect(try await bench.pool.ask("SELECT sum(value) FROM fact") == "604")
        }
    }

    @Test func `a job that takes too long is cancelled and tried again`() async throws {
        struct Slow: Job {
            static let kind = "slow"
            static var policy: JobPolicy { JobPolicy(maxAttempts: 2, backoff: Backoff(base: .zero), timeout: .milliseconds(200)) }
        }
        try await QueueBench.with { bench in
            try await bench.enqueue([Slow()])
            let never = Door()
            let handler = Does(Slow.self) { _, context in
                try await never.pass()
                return .done()
            }
            try await bench.processing(.of(handler)) { _ in try await bench.until("SELECT count(*) FROM jobs.dead", is: "1") }
            #expect(try await bench.pool.ask("SELECT reason FROM jobs.dead") == "2 of 2 attempts are spent: timed out after 0.2 seconds")
        }
    }

    @Test func `no list of errors grows without end`() async throws {
        try await QueueBench.with { bench in
            let list = try await bench.pool.ask(
                """
                WITH RECURSIVE e(n, errors) AS (
                    SELECT 0, NULL::jsonb UNION ALL SELECT n + 1, jobs.with_error(errors, now(), n + 1, 'error ' || (n + 1)) FROM e WHERE n < 50
                ) SELECT concat(jsonb_array_length(errors), ' ', errors->0->>'error', ' ', errors->-1->>'error') FROM e WHERE n = 50
                """)
            #expect(list == "10 error 1 error 50")
        }
    }

    @Test func `the back-off is full jitter under a limit that doubles up to the cap, and five tries fall within a minute`() {
        let backoff = Backoff()
        #expect(backoff.wait(after: 1, chance: 0) == .zero)
        #expect(backoff.limit(after: 1) == .milliseconds(1_500))
        #expect(backoff.limit(after: 3) == .seconds(6))
        #expect(backoff.limit(after: 1_000) == .seconds(600))
        #expect((1...5).reduce(Duration.zero) { $0 + backoff.limit(after: $1) } < .seconds(60))
    }
}
