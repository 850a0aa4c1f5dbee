import JobQueue
import Logging
import Postgres
import ServiceLifecycle
import Testing

@Suite(.timeLimit(.minutes(20))) struct DrainTests {
    @Test func `a process that leaves lets its jobs finish, takes no more, and strikes itself off`() async throws {
        try await QueueBench.with { bench in
            try await bench.enqueue((1...3).map { Note("\($0)") })
            let begun = Journal<String>()
            let mayEnd = Door()
            let handler = Does(Note.self) { job, _ in
                begun.note(job.payload.text)
                try await mayEnd.pass()
                return .done()
            }
            var settings = QueueBench.settings
            settings.concurrency = 2
            try await bench.processing(.of(handler), settings: settings) { processor in
                await begun.wait(count: 2)
                processor.leave()
                mayEnd.open()
            }
            #expect(begun.entries.count == 2)
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.history WHERE state = 'done'") == "2")
            #expect(try await bench.pool.ask("SELECT concat(state, attempt) FROM jobs.job") == "ready0")
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.worker") == "0")
        }
    }

    @Test func `what does not finish in time is cancelled and handed back, due at once, no attempt spent`() async throws {
        try await QueueBench.with { bench in
            try await bench.enqueue([Note("x", key: "k")])
            let begun = Journal<Int>()
            let never = Door()
            let handler = Does(Note.self) { _, _ in
                begun.note(1)
                try await never.pass()
                return .done()
            }
            var settings = QueueBench.settings
            settings.drain = .seconds(15)
            try await bench.processing(.of(handler), settings: settings) { _ in await begun.wait(count: 1) }
            #expect(try await bench.pool.ask("SELECT concat(state, attempt, crashes, run_at <= now()) FROM jobs.job") == "ready00t")
        }
    }

    @Test func `what does not stop at all is left to its lease, and can't end twice`() async throws {
        try await QueueBench.with { bench in
            try await bench.enqueue([Note("x")])
            let begun = Journal<Int>()
            let mayEnd = Door()
            let handler = Does(Note.self) { _, _ in
                begun.note(1)
                await mayEnd.pass(deaf: true)
                return .done()
            }
            var settings = QueueBench.settings
            settings.drain = .milliseconds(100)
            let (processor, pool) = try bench.processor(.of(handler), settings: settings)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await processor.run() }
                await begun.wait(count: 1)
                processor.leave()
                // It is struck off, so the drain is over; the job is not handed back while its handler runs.
                try await bench.until("SELECT count(*) FROM jobs.worker", is: "0")
                #expect(try await bench.pool.ask("SELECT state FROM jobs.job") == "running")
                mayEnd.open()
                try await group.waitForAll()
            }
            await pool.shutdown()
        }
    }

    @Test func `graceful shutdown of the service group is what makes it leave`() async throws {
        try await QueueBench.with { bench in
            try await bench.enqueue([Note("x")])
            let begun = Journal<Int>()
            let handler = Does(Note.self) { _, _ in
                begun.note(1)
                return .done()
            }
            let (processor, pool) = try bench.processor(.of(handler))
            let services = ServiceGroup(services: [pool, processor], logger: Logger(label: "test"))
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await services.run() }
                await begun.wait(count: 1)
                await services.triggerGracefulShutdown()
                try await group.waitForAll()
            }
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.history WHERE state = 'done'") == "1")
        }
    }
}
