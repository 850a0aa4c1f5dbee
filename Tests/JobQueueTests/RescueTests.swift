import Foundation
import Postgres
import TestKit
import Testing

@testable import JobQueue

@Suite(.timeLimit(.minutes(20))) struct RescueTests {
    static var settings: JobProcessorSettings { QueueBench.settings }

    /// Runs a processor as `processing` does, but drops it as a crash would once `body` is done: nothing is handed back.
    static func crashing(
        _ bench: QueueBench, _ registry: JobRegistry, _ body: @Sendable (JobProcessor) async throws -> Void
    ) async throws {
        let (processor, pool) = try bench.processor(registry, settings: self.settings)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await processor.run() }
            try await body(processor)
            group.cancelAll()
            try await group.waitForAll()
        }
        await pool.shutdown()
        // Its leases run out: time passes.
        try await bench.pool.run(script: "UPDATE jobs.job SET lease_until = now() - interval '1 second' WHERE state = 'running'")
    }

    @Test func `promise 9: the jobs of a process that is gone run elsewhere, no attempt spent, the crash noted`() async throws {
        try await QueueBench.with { bench in
            try await bench.enqueue((1...5).map { Note("\($0)", key: "\($0)") })
            let begun = Journal<String>()
            let never = Door()
            let stuck = Does(Note.self) { job, _ in
                begun.note(job.payload.text)
                try await never.pass()
                return .done()
            }
            try await Self.crashing(bench, .of(stuck)) { _ in await begun.wait(count: 5) }
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.job WHERE state = 'running'") == "5")
            let seen = Journal<Int>()
            let works = Does(Note.self) { job, _ in
                seen.note(job.attempt)
                return .done()
            }
            try await bench.processing(.of(works), settings: Self.settings) { _ in try await bench.until("SELECT count(*) FROM jobs.history", is: "5")
            }
            #expect(seen.entries == [1, 1, 1, 1, 1])
            #expect(try await bench.pool.ask("SELECT sum(crashes) FROM jobs.history") == "5")
        }
    }

    @Test func `promise 10: a suspect runs alone in its process`() async throws {
        try await QueueBench.with { bench in
            let journal = Journal<String>()
            let handler = Does(Note.self) { job, context in
                journal.note("begin \(job.payload.text)")
                if job.payload.text == "suspect" {
                    // Whatever else there is to do waits: were it run beside us, it would be noted in between.
                    _ = try await context.pool.transaction { tx in try await tx.enqueue((1...3).map { Note("usual \($0)") }, tenant: 0) }
                    for _ in 1...200 { _ = try await context.pool.ask("SELECT 1") }
                }
                journal.note("end \(job.payload.text)")
                return .done()
            }
            try await bench.pool.run(
                script: "INSERT INTO jobs.job (kind, payload, state, crashes) VALUES ('note', '{\"text\":\"suspect\"}', 'suspect', 1)")
            try await bench.processing(.of(handler)) { _ in try await bench.until("SELECT count(*) FROM jobs.history", is: "4") }
            let begin = try #require(journal.entries.firstIndex(of: "begin suspect"))
            #expect(journal.entries[begin + 1] == "end suspect")
        }
    }

    @Test func `promise 10: a job that takes its process down twice is buried, and its neighbours are not`() async throws {
        try await QueueBench.with { bench in
            try await bench.enqueue([Note("poison", key: "p")] + (1...4).map { Note("fine \($0)", key: "\($0)") })
            // First crash: all five run when the process dies.
            let begun = Journal<String>()
            let never = Door()
            let stuck = Does(Note.self) { job, _ in
                begun.note(job.payload.text)
                try await never.pass()
                return .done()
            }
            try await Self.crashing(bench, .of(stuck)) { _ in await begun.wait(count: 5) }
            // Then every process that meets the poison dies of it.
            let deadly = Journal<String>()
            let meets = Does(Note.self) { job, _ in
                guard job.payload.text == "poison" else { return .done() }
                deadly.note("died")
                try await never.pass()
                return .done()
            }
            try await Self.crashing(bench, .of(meets)) { _ in await deadly.wait(count: 1) }
            try await bench.processing(.of(meets), settings: Self.settings) { _ in
                try await bench.until("SELECT count(*) FROM jobs.dead", is: "1")
                try await bench.until("SELECT count(*) FROM jobs.job", is: "0")
            }
            #expect(deadly.entries.count == 1)
            #expect(
                try await bench.pool.ask("SELECT payload->>'text' || ': ' || reason FROM jobs.dead")
                    == "poison: its worker died with it 2 times, the last time while it ran alone")
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.history WHERE state = 'done'") == "4")
        }
    }

    @Test func `a batch that crashed is tried again as one, and by its parts only after the second time`() async throws {
        try await QueueBench.with { bench in
            try await bench.enqueue((1...6).map { Item(number: $0) })
            let sizes = Journal<Int>()
            let never = Door()
            let stuck = DoesAll(Item.self, batchSize: 10) { jobs, _ in
                sizes.note(jobs.count)
                try await never.pass()
                return .all(.done())
            }
            try await Self.crashing(bench, .of(stuck)) { _ in await sizes.wait(count: 1) }
            try await Self.crashing(bench, .of(stuck)) { _ in await sizes.wait(count: 2) }
            let works = DoesAll(Item.self, batchSize: 10) { jobs, _ in
                sizes.note(jobs.count)
                return .all(.done())
            }
            try await bench.processing(.of(works), settings: Self.settings) { _ in try await bench.until("SELECT count(*) FROM jobs.history", is: "6")
            }
            #expect(sizes.entries == [6, 6, 1, 1, 1, 1, 1, 1])
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.dead") == "0")
        }
    }

    @Test func `a worker that was cut off and lives takes its crash marks back`() async throws {
        try await QueueBench.with { bench in
            try await bench.enqueue([Note("a", key: "a"), Note("b", key: "b")])
            let one = try await FencingTests.claim(bench.pool, worker: UUID(), expired: true)
            let two = try await FencingTests.claim(bench.pool, worker: UUID(), expired: true)
            // The second has a crash behind it already and runs alone: this one would be its last.
            try await bench.pool.run(script: "UPDATE jobs.job SET crashes = 1, alone = true WHERE id = \(two.id)")
            #expect(try await FencingTests.rescue(bench.pool) == 2)
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.dead") == "1")
            try await bench.pool.execute(JobsAbsolve(runs: [one, two].map { JobRun(id: $0.id, lease: $0.lease) }))
            try await bench.pool.execute(JobsAbsolve(runs: [one, two].map { JobRun(id: $0.id, lease: $0.lease) }))
            #expect(try await bench.pool.ask("SELECT string_agg(concat(state, crashes), ',' ORDER BY id) FROM jobs.job") == "ready0,suspect1")
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.dead") == "0")
        }
    }

    @Test func `until PostgreSQL has been up for a lease nobody is rescued`() async throws {
        try await QueueBench.with { bench in
            try await bench.enqueue([Note("a")])
            _ = try await FencingTests.claim(bench.pool, worker: UUID(), expired: true)
            #expect(try await bench.pool.query(JobsExpired(lease: .seconds(86_400), limit: 10)).isEmpty)
            #expect(try await bench.pool.query(JobsExpired(lease: .zero, limit: 10)).count == 1)
        }
    }

    @Test func `whoever has lived through an outage gives the others a lease to be heard of again`() {
        let life = ProcessorLife()
        let start = ContinuousClock.now
        let lease = Duration.seconds(30)
        #expect(!life.mayRescue(at: start, lease: lease))
        life.tries(at: start)
        life.beat(at: start, lease: lease)
        #expect(life.mayRescue(at: start + .seconds(1), lease: lease))
        life.beat(at: start + .seconds(8), lease: lease)
        #expect(!life.mayRescue(at: start + .seconds(30), lease: lease))
        life.beat(at: start + .seconds(60), lease: lease)
        #expect(!life.mayRescue(at: start + .seconds(61), lease: lease))
        for beat in 1...4 { life.beat(at: start + .seconds(60 + beat * 8), lease: lease) }
        #expect(life.mayRescue(at: start + .seconds(93), lease: lease))
    }

    @Test func `a heartbeat as long as a third of the lease is refused, with a sentence`() async throws {
        try await QueueBench.with { bench in
            var settings = JobProcessorSettings()
            settings.heartbeat = .seconds(10)
            let error = #expect(throws: JobQueueError.self) { _ = try bench.processor(JobRegistry(), settings: settings) }
            #expect(error?.description.contains("third of the lease") == true)
        }
    }
}
