import Foundation
import Logging
import Postgres
import Testing

@testable import JobQueue

@Suite(.timeLimit(.minutes(20))) struct OperatorTests {
    @Test func `a dead job that is retried runs again with all its attempts, and keeps its history`() async throws {
        try await QueueBench.with { bench in
            let id = try await bench.enqueue([Note("x")])[0]
            let mended = Journal<Bool>()
            let handler = Does(Note.self) { _, _ in mended.entries.isEmpty ? .bury(reason: "bad") : .done() }
            try await bench.processing(.of(handler)) { _ in
                try await bench.until("SELECT count(*) FROM jobs.dead", is: "1")
                mended.note(true)
                #expect(try await bench.pool.first(JobOrder(.retry, id)) == "job \(id) is due now")
                try await bench.until("SELECT count(*) FROM jobs.history", is: "1")
            }
            #expect(try await bench.pool.ask("SELECT concat(id, ' ', attempt, ' ', errors->0->>'error') FROM jobs.history") == "\(id) 1 bad")
        }
    }

    @Test func `a dead job gives way to a newer one with its key`() async throws {
        try await QueueBench.with { bench in
            let old = try await bench.enqueue([Note("old", key: "k")])[0]
            #expect(try await bench.pool.first(JobOrder(.bury, old, reason: "test")) == "job \(old) is buried")
            let new = try await bench.enqueue([Note("new", key: "k")], after: .seconds(3_600))[0]
            #expect(try await bench.pool.first(JobOrder(.retry, old)) == "job \(old) was superseded by job \(new), which is due now")
            #expect(try await bench.pool.ask("SELECT concat(id, state) FROM jobs.job") == "\(new)ready")
            #expect(try await bench.pool.ask("SELECT concat(id, state) FROM jobs.history") == "\(old)cancelled")
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.dead") == "0")
        }
    }

    @Test func `a waiting job is cancelled at once, a running one by its worker's heartbeat`() async throws {
        try await QueueBench.with { bench in
            let later = try await bench.enqueue([Note("later")], after: .seconds(3_600))[0]
            #expect(try await bench.pool.first(JobOrder(.cancel, later)) == "job \(later) is cancelled")
            let id = try await bench.enqueue([Note("x")])[0]
            let begun = Journal<Int>()
            let never = Door()
            let handler = Does(Note.self) { _, _ in
                begun.note(1)
                try await never.pass()
                return .done()
            }
            var settings = QueueBench.settings
            settings.heartbeat = .milliseconds(50)
            try await bench.processing(.of(handler), settings: settings) { _ in
                await begun.wait(count: 1)
                #expect(
                    try await bench.pool.first(JobOrder(.cancel, id))
                        == "job \(id) is running; its worker is told, and unless it is done first it ends as cancelled")
                try await bench.until("SELECT state FROM jobs.history WHERE id = \(id)", is: "cancelled")
            }
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.job") == "0")
        }
    }

    @Test func `a running job that is buried can't be finished by its worker`() async throws {
        try await QueueBench.with { bench in
            let id = try await bench.enqueue([Note("x")])[0]
            let begun = Journal<Int>()
            let mayEnd = Door()
            let handler = Does(Note.self) { _, _ in
                begun.note(1)
                await mayEnd.pass(deaf: true)
                return .done()
            }
            try await bench.processing(.of(handler)) { processor in
                await begun.wait(count: 1)
                _ = try await bench.pool.first(JobOrder(.bury, id, reason: "enough"))
                mayEnd.open()
                try await bench.untilIdle(processor)
            }
            #expect(try await bench.pool.ask("SELECT reason FROM jobs.dead") == "enough")
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.history") == "0")
        }
    }

    @Test(arguments: JobOrder.Order.allCases) func `an order on a job that is not there is an error with a sentence`(order: JobOrder.Order)
        async throws
    {
        try await QueueBench.with { bench in
            let error = await #expect(throws: PostgresError.self) { _ = try await bench.pool.first(JobOrder(order, JobID(rawValue: 999))) }
            #expect(error?.sqlState == "P0002")
            #expect(error?.detail.contains("There is no job 999.") == true)
        }
    }

    @Test func `the counts of a tenant and what it still has to do soon are told in the contract's words`() async throws {
        try await QueueBench.with { bench in
            let acme = try #require(try await bench.pool.first(TenantEnsure(name: "acme")))
            #expect(try await bench.pool.first(TenantEnsure(name: "acme")) == acme)
            try await bench.enqueue([Note("a"), Note("b")], tenant: acme)
            try await bench.enqueue([Note("c")], tenant: acme, after: .seconds(30))
            try await bench.enqueue([Note("d")], tenant: acme, after: .seconds(300))
            try await bench.pool.run(
                script: """
                    INSERT INTO jobs.job (tenant_id, kind, payload, state, attempt) VALUES (\(acme), 'note', '{}', 'scheduled', 2);
                    INSERT INTO jobs.job (tenant_id, kind, payload, state, attempt, worker_id, lease_until)
                    VALUES (\(acme), 'note', '{}', 'running', 1, gen_random_uuid(), now());
                    INSERT INTO jobs.job (kind, payload) VALUES ('note', '{}');
                    """)
            let dead = try await bench.enqueue([Note("e")], tenant: acme)[0]
            _ = try await bench.pool.first(JobOrder(.bury, dead))
            #expect(try await bench.pool.first(JobsCount(tenant: acme)) == JobCounts(ready: 2, scheduled: 2, running: 1, retrying: 1, dead: 1))
            let pending = try #require(try await bench.pool.first(JobsPending(tenant: acme, since: Date(timeIntervalSinceNow: -60))))
            #expect(pending.running == 1 && pending.due == 2 && pending.soon == 2 && pending.died == 1 && !pending.isIdle)
            #expect(
                try await bench.pool.ask("SELECT string_agg(DISTINCT state, ',' ORDER BY state) FROM jobs.current") == "dead,ready,retrying,running")
        }
    }

    @Test func `promise 13: upkeep makes days ahead, drops what is out of keeping, and prunes ticks, workers and gates`() async throws {
        try await QueueBench.with { bench in
            try await bench.pool.run(
                script: """
                    SELECT jobs.make_history_day((now() AT TIME ZONE 'UTC')::date - 30), jobs.make_history_day((now() AT TIME ZONE 'UTC')::date - 9);
                    DROP TABLE jobs.history_\(try await bench.pool.ask("SELECT to_char((now() AT TIME ZONE 'UTC')::date + 3, 'YYYYMMDD')") ?? "");
                    INSERT INTO jobs.history (id, tenant_id, kind, version, priority, state, attempt, max_attempts, crashes, run_at, lease_no, created_at,
                        ended_at, payload)
                    SELECT i, 0, 'note', 1, 5, 'done', 1, 1, 0, now(), 1, now(), now() - d * interval '1 day', '{}'
                    FROM generate_series(1, 3) AS i, unnest(ARRAY[30, 20, 9, 1]) AS d;
                    INSERT INTO jobs.tick (schedule, tick) SELECT s, now() - d * interval '1 day' FROM unnest(ARRAY['a','b']) AS s, unnest(ARRAY[40, 30]) AS d;
                    INSERT INTO jobs.worker (id, host, pid, version, seen_at) VALUES (gen_random_uuid(), 'h', 1, '1', now() - interval '1 hour');
                    INSERT INTO jobs.gate VALUES (0, 'old', now() - interval '2 days', 'x'), (0, 'new', now() + interval '2 days', 'x');
                    """)
            let upkeep = JobUpkeep(pool: bench.pool, logger: Logger(label: "test.upkeep"))
            try await upkeep.round()
            try await upkeep.round()
            // Of yesterday's three there is no partition: they lie in the default one, and stay.
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.history") == "3")
            #expect(try await bench.pool.ask("SELECT count(*) FROM pg_inherits WHERE inhparent = 'jobs.history'::regclass") == "5")
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.tick") == "2")
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.worker") == "0")
            #expect(try await bench.pool.ask("SELECT string_agg(name, ',') FROM jobs.gate") == "new")
        }
    }
}
