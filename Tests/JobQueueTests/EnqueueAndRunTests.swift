import Foundation
import JobQueue
import Postgres
import Testing

@Suite(.timeLimit(.minutes(20))) struct EnqueueAndRunTests {
    @Test func `a job that is enqueued is run once, with its payload, and stands in the history as done`() async throws {
        try await QueueBench.with { bench in
            let seen = Journal<String>()
            let id = try await bench.enqueue([Note("hello")])[0]
            let handler = Does(Note.self) { job, _ in
                seen.note(job.payload.text)
                #expect(job.attempt == 1)
                return .done()
            }
            try await bench.processing(.of(handler)) { _ in
                try await bench.until("SELECT state FROM jobs.history WHERE id = \(id)", is: "done")
            }
            #expect(seen.entries == ["hello"])
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.job") == "0")
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.worker") == "0")
        }
    }

    @Test func `two thousand jobs on three processes are each run once`() async throws {
        try await QueueBench.with { bench in
            let seen = Journal<String>()
            try await bench.enqueue((1...2_000).map { Note("\($0)", key: $0.isMultiple(of: 2) ? "k\($0)" : nil) })
            let handler = Does(Note.self) { job, _ in
                seen.note(job.payload.text)
                return .done()
            }
            try await bench.processing(.of(handler)) { _ in
                try await bench.processing(.of(handler)) { _ in
                    try await bench.processing(.of(handler)) { _ in await seen.wait(count: 2_000) }
                }
            }
            #expect(seen.entries.count == 2_000)
            #expect(Set(seen.entries).count == 2_000)
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.history WHERE state = 'done'") == "2000")
        }
    }

    @Test func `a transaction that is rolled back enqueues nothing`() async throws {
        struct No: Error {}
        try await QueueBench.with { bench in
            await #expect(throws: No.self) {
                try await bench.pool.transaction { tx in
                    try await tx.enqueue(Note("never"), tenant: 0)
                    throw No()
                }
            }
            let left = try await bench.pool.ask("SELECT count(*) FROM jobs.job")
            #expect(left == "0")
        }
    }

    @Test func `a job that is due later waits for its time and then runs`() async throws {
        try await QueueBench.with { bench in
            let seen = Journal<String>()
            try await bench.enqueue([Note("far")], after: .seconds(3_600))
            try await bench.enqueue([Note("soon")], after: .milliseconds(300))
            let handler = Does(Note.self) { job, context in
                #expect(job.runAt <= context.now)
                seen.note(job.payload.text)
                return .done()
            }
            try await bench.processing(.of(handler)) { _ in await seen.wait(count: 1) }
            #expect(seen.entries == ["soon"])
            #expect(try await bench.pool.ask("SELECT state FROM jobs.job") == "scheduled")
        }
    }

    @Test func `within a tenant the more urgent job goes first, and of equals the older`() async throws {
        try await QueueBench.with { bench in
            let seen = Journal<String>()
            try await bench.enqueue([Note("usual 1")])
            try await bench.enqueue([Note("late")], priority: 9)
            try await bench.enqueue([Note("usual 2")])
            try await bench.enqueue([Note("urgent")], priority: 0)
            var settings = QueueBench.settings
            settings.concurrency = 1
            let handler = Does(Note.self) { job, _ in
                seen.note(job.payload.text)
                return .done()
            }
            try await bench.processing(.of(handler), settings: settings) { _ in await seen.wait(count: 4) }
            #expect(seen.entries == ["urgent", "usual 1", "usual 2", "late"])
        }
    }

    @Test func `SQL enqueues with a tenant's name, a time and a key, and is told the waiting job's id`() async throws {
        try await QueueBench.with { bench in
            let acme = try await bench.pool.first(TenantEnsure(name: "acme"))
            let first = try await bench.pool.ask("SELECT jobs.enqueue('note', '{\"text\":\"a\"}', 'acme', unique_key => 'k')")
            let second = try await bench.pool.ask("SELECT jobs.enqueue('note', '{\"text\":\"b\"}', 'acme', unique_key => 'k')")
            #expect(first == second)
            #expect(try await bench.pool.ask("SELECT payload->>'text' || tenant_id FROM jobs.job") == "b\(acme ?? -1)")
            _ = try await bench.pool.ask("SELECT jobs.enqueue('note', '{\"text\":\"c\"}', 'acme', now() + interval '1 hour')")
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.job WHERE state = 'scheduled'") == "1")
            let error = await #expect(throws: PostgresError.self) { _ = try await bench.pool.ask("SELECT jobs.enqueue('note', '{}', 'nobody')") }
            #expect(error?.sqlState == "P0002")
        }
    }

    @Test func `an unknown kind and a newer version are left for a program that knows them`() async throws {
        try await QueueBench.with { bench in
            let seen = Journal<String>()
            _ = try await bench.pool.ask("SELECT jobs.enqueue('unheard-of', '{}', '')")
            try await bench.pool.run(script: "INSERT INTO jobs.job (kind, version, payload) VALUES ('note', 2, '{\"words\":[]}')")
            try await bench.enqueue([Note("known")])
            let handler = Does(Note.self) { job, _ in
                seen.note(job.payload.text)
                return .done()
            }
            try await bench.processing(.of(handler)) { _ in
                try await bench.until("SELECT count(*) FROM jobs.history", is: "1")
            }
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.job WHERE state = 'ready' AND attempt = 0") == "2")
        }
    }

    @Test func `a payload that can't be read is buried with the reason, at once, and not the rest of its batch`() async throws {
        try await QueueBench.with { bench in
            let seen = Journal<Int>()
            try await bench.pool.run(script: "INSERT INTO jobs.job (kind, payload) VALUES ('note', '{\"txt\":1}'), ('item', '{\"number\":\"x\"}')")
            try await bench.enqueue([Item(number: 1), Item(number: 2)])
            let note = Does(Note.self) { _, _ in .done() }
            let items = DoesAll(Item.self, batchSize: 10) { jobs, _ in
                for job in jobs { seen.note(job.payload.number) }
                return .all(.done())
            }
            try await bench.processing(.of(note, items)) { _ in try await bench.until("SELECT count(*) FROM jobs.job", is: "0") }
            #expect(try await bench.pool.ask("SELECT reason FROM jobs.dead WHERE kind = 'note'") == "the payload can't be read: text is missing")
            #expect(
                try await bench.pool.ask("SELECT reason FROM jobs.dead WHERE kind = 'item'") == "the payload can't be read: number is of another type"
            )
            #expect(seen.entries.sorted() == [1, 2])
        }
    }

    @Test func `numbers beyond two thousand million are no trouble`() async throws {
        try await QueueBench.with { bench in
            try await bench.pool.run(script: "ALTER TABLE jobs.job ALTER COLUMN id RESTART WITH 2147483647")
            let ids = try await bench.enqueue([Note("a"), Note("b"), Note("c", key: "c")])
            #expect(ids.map(\.rawValue).max() == 2_147_483_649)
            let handler = Does(Note.self) { _, _ in .done() }
            try await bench.processing(.of(handler)) { _ in try await bench.until("SELECT count(*) FROM jobs.history", is: "3") }
        }
    }

    @Test func `with and without notifications a job that another process enqueued is found`() async throws {
        for notifications in [true, false] {
            try await QueueBench.with { bench in
                var settings = QueueBench.settings
                settings.notifications = notifications
                let seen = Journal<String>()
                let handler = Does(Note.self) { job, _ in
                    seen.note(job.payload.text)
                    return .done()
                }
                try await bench.processing(.of(handler), settings: settings) { _ in
                    _ = try await bench.pool.ask("SELECT jobs.enqueue('note', '{\"text\":\"from SQL\"}', '')")
                    await seen.wait(count: 1)
                }
            }
        }
    }
}
