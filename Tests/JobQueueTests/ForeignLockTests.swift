import Foundation
import Postgres
import TestKit
import Testing

@testable import JobQueue

/// What somebody's open transaction, a refused statement or a slow one may hold up, and what not.
@Suite(.timeLimit(.minutes(20))) struct ForeignLockTests {
    @Test func `an import that has enqueued a key and not committed holds up the retry of that key alone`() async throws {
        try await QueueBench.with { bench in
            try await bench.enqueue([Note("fails", key: "k")])
            let begun = Journal<String>()
            let mayFail = Door()
            let handler = Does(Note.self) { job, _ in
                begun.note(job.payload.text)
                guard job.payload.text == "fails" else { return .done() }
                try await mayFail.pass()
                return .retry(reason: "as told")
            }
            let application = try bench.database.makePool()
            try await bench.processing(.of(handler)) { _ in
                await begun.wait(count: 1)
                try await application.transaction { tx in
                    try await tx.enqueue(Note("newer", key: "k"), tenant: 0)
                    mayFail.open()
                    try await bench.enqueue((1...20).map { Note("\($0)", key: "other \($0)") })
                    try await bench.until("SELECT count(*) FROM jobs.history WHERE state = 'done'", is: "20")
                    #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.job WHERE state = 'running'") == "1")
                }
                // Then the older one merges into the newer.
                try await bench.until("SELECT count(*) FROM jobs.job", is: "0")
            }
            await application.shutdown()
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.history WHERE reason LIKE 'superseded by %'") == "1")
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.dead") == "0")
        }
    }

    @Test func `effects that never get through in time spend attempts, and in the end the job is dead with the reason`() async throws {
        try await QueueBench.with { bench in
            try await bench.enqueue([Note("slow")])
            let handler = Does(Note.self) { _, _ in
                .done { tx in
                    try await tx.run(script: "SET LOCAL statement_timeout = '5ms'")
                    try await tx.run(script: "SELECT pg_sleep(60)")
                }
            }
            try await bench.processing(.of(handler)) { _ in try await bench.until("SELECT count(*) FROM jobs.dead", is: "1") }
            #expect(
                try await bench.pool.ask("SELECT concat(attempt, crashes, reason) FROM jobs.dead")
                    == "303 of 3 attempts are spent: PostgreSQL answered 57014 query_canceled")
        }
    }

    @Test func `a suspect whose start can't be noted goes back, and its process works on`() async throws {
        try await QueueBench.with { bench in
            try await bench.pool.run(
                script: """
                    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '57014'; END $$;
                    CREATE TRIGGER refuse BEFORE UPDATE ON jobs.job FOR EACH ROW WHEN (NEW.alone AND NOT OLD.alone) EXECUTE FUNCTION refuse();
                    INSERT INTO jobs.job (kind, payload, state, crashes) VALUES ('note', '{"text":"suspect"}', 'suspect', 1);
                    """)
            let seen = Journal<String>()
            let handler = Does(Note.self) { job, _ in
                seen.note(job.payload.text)
                return .done()
            }
            try await bench.processing(.of(handler)) { _ in
                try await bench.until("SELECT lease_no > 0 FROM jobs.job WHERE state = 'suspect'", is: "true")
                try await bench.enqueue([Note("usual")])
                await seen.wait(count: 1)
                try await bench.pool.run(script: "DROP TRIGGER refuse ON jobs.job")
                await seen.wait(count: 2)
            }
            #expect(seen.entries == ["usual", "suspect"])
        }
    }

    @Test func `a process that can't get alone for a suspect goes on with other work, and others may take it`() async throws {
        try await QueueBench.with { bench in
            let seen = Journal<String>()
            let mayEnd = Door()
            let handler = Does(Note.self) { job, _ in
                seen.note(job.payload.text)
                if job.payload.text == "long" { try await mayEnd.pass() }
                return .done()
            }
            try await bench.enqueue([Note("long")])
            try await bench.processing(.of(handler)) { _ in
                await seen.wait(count: 1)
                try await bench.pool.run(
                    script: "INSERT INTO jobs.job (kind, payload, state, crashes) VALUES ('note', '{\"text\":\"suspect\"}', 'suspect', 1)")
                try await bench.enqueue([Note("usual")])
                await seen.wait { $0.contains("usual") }
                #expect(try await bench.pool.ask("SELECT concat(state, lease_no) FROM jobs.job WHERE crashes > 0") == "suspect0")
                mayEnd.open()
                await seen.wait { $0.contains("suspect") }
            }
        }
    }

    @Test func `jobs of a limited kind follow each other at once, not a look apart`() async throws {
        try await QueueBench.with { bench in
            var settings = QueueBench.settings
            // Were it the looks that found them, this would take the test's whole time.
            settings.poll = .seconds(120)
            settings.notifications = false
            let seen = Journal<Int>()
            let handler = DoesAll(Item.self, batchSize: 2) { jobs, _ in
                for job in jobs { seen.note(job.payload.number) }
                return .all(.done())
            }
            var registry = JobRegistry()
            try registry.register(handler, limit: 1)
            try await bench.pool.run(
                script: "INSERT INTO jobs.job (kind, payload) SELECT 'item', jsonb_build_object('number', i) FROM generate_series(1, 20) AS i")
            try await bench.processing(registry, settings: settings) { _ in await seen.wait(count: 20) }
        }
    }

    @Test func `a job that is due at no time is refused, with the rule's name`() async throws {
        try await QueueBench.with { bench in
            let error = await #expect(throws: PostgresError.self) {
                _ = try await bench.pool.ask("SELECT jobs.enqueue('note', '{}', '', 'infinity')")
            }
            #expect(error?.constraint == "job_run_at_finite")
        }
    }

    @Test func `a batch that is called off at the end of its lease spends no attempt of those that could be read`() async throws {
        try await QueueBench.with { bench in
            try await bench.pool.run(
                script: """
                    INSERT INTO jobs.job (kind, payload) VALUES ('item', '{"number":1}'), ('item', '"unreadable"'), ('item', '{"number":2}');
                    """)
            let begun = Journal<Int>()
            let never = Door()
            let handler = DoesAll(Item.self, batchSize: 10) { jobs, _ in
                begun.note(jobs.count)
                try await never.pass()
                return .all(.done())
            }
            var settings = QueueBench.settings
            settings.drain = .seconds(15)
            try await bench.processing(.of(handler), settings: settings) { _ in await begun.wait(count: 1) }
            #expect(begun.entries == [2])
            #expect(try await bench.pool.ask("SELECT string_agg(concat(state, attempt), ',') FROM jobs.job") == "ready0,ready0")
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.dead") == "1")
        }
    }
}
