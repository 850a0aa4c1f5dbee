import Foundation
import Postgres
import TestKit
import Testing

@testable import JobQueue

/// A statement as the server plans and runs it: its text explained, with the same values.
struct Explained<S: PostgresStatement>: PostgresStatement {
    static var sql: String { "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) \(S.sql)" }
    let statement: S

    var binds: [PostgresBind] { self.statement.binds }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> String { try row.decode(0) }
}

@Suite(.timeLimit(.minutes(20))) struct FairnessTests {
    @Test func `promise 8: a tenant with a hundred thousand jobs does not hold up one with ten`() async throws {
        try await QueueBench.with { bench in
            try await bench.pool.run(
                script: """
                    INSERT INTO jobs.job (tenant_id, kind, payload) SELECT 1, 'note', '{"text":"1"}' FROM generate_series(1, 100000);
                    INSERT INTO jobs.job (tenant_id, kind, payload) SELECT 2, 'note', '{"text":"2"}' FROM generate_series(1, 10);
                    """)
            let seen = Journal<Int64>()
            let handler = Does(Note.self) { job, _ in
                seen.note(job.tenant)
                return .done()
            }
            try await bench.processing(.of(handler)) { _ in await seen.wait { $0.count(where: { $0 == 2 }) == 10 } }
            // In turns, the ten are done after ten of the others; a few claims of grace.
            let place = try #require(seen.entries.lastIndex(of: 2))
            #expect(place < 100)
        }
    }

    @Test func `promise 8: a tenant with a hundred thousand jobs due at one moment does not hold up one with ten`() async throws {
        try await QueueBench.with { bench in
            try await bench.pool.run(
                script: """
                    INSERT INTO jobs.job (tenant_id, kind, payload, state, run_at)
                    SELECT 1, 'note', '{"text":"1"}', 'scheduled', now() - interval '1 hour' FROM generate_series(1, 100000);
                    INSERT INTO jobs.job (tenant_id, kind, payload, state, run_at)
                    SELECT 2, 'note', '{"text":"2"}', 'scheduled', now() FROM generate_series(1, 10);
                    """)
            let row = try #require(try await bench.pool.first(JobsPromote(bite: 500, after: -1)))
            #expect(row.promoted < 600)
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.job WHERE state = 'ready' AND tenant_id = 2") == "10")
        }
    }

    @Test func `promise 8: a hundred tenants take turns, also when there is room for three`() async throws {
        try await QueueBench.with { bench in
            try await bench.pool.run(
                script: """
                    INSERT INTO jobs.job (tenant_id, kind, payload)
                    SELECT t, 'note', '{"text":"x"}' FROM generate_series(1, 100) AS t, generate_series(1, 50)
                    """)
            var cursor = JobCursor.start
            var taken: [Int64] = []
            let offer = JobOffer(kind: "note", version: 1, gate: nil, room: 3, batchSize: 1)
            while taken.count < 300 {
                let rows = try await bench.pool.query(
                    JobClaim(worker: UUID(), lease: .seconds(60), room: 3, steps: 64, offers: [offer], cursor: cursor))
                taken += try rows.jobs.map(\.tenant)
                cursor = try #require(rows.sight).cursor
            }
            let counts = Dictionary(grouping: taken) { $0 }.mapValues(\.count)
            #expect(counts.count == 100)
            #expect(counts.values.allSatisfy { $0 == 3 })
        }
    }

    @Test func `promise 8: of three hundred tenants with a backlog none waits for more than a round of the others`() async throws {
        try await QueueBench.with { bench in
            try await bench.pool.run(
                script: """
                    INSERT INTO jobs.job (tenant_id, kind, payload)
                    SELECT t, 'note', '{"text":"x"}' FROM generate_series(1, 300) AS t, generate_series(1, 80)
                    """)
            var settings = QueueBench.settings
            // Room for a thousand jobs a claim, which looks at 64 tenants: sixteen of each.
            settings.concurrency = 4_000
            let seen = Journal<Int64>()
            let handler = Does(Note.self) { job, _ in
                seen.note(job.tenant)
                return .done()
            }
            try await bench.processing(.of(handler), settings: settings) { _ in await seen.wait(count: 300 * 80) }
            var counts: [Int64: Int] = [:]
            var most = 0
            for tenant in seen.entries {
                counts[tenant, default: 0] += 1
                most = max(most, counts[tenant] ?? 0)
                if counts.count == 300 { break }
            }
            // Sixteen, and as many again: claims of half the room and of all of it don't go round in step.
            #expect(counts.count == 300)
            #expect(most <= 32)
            #expect(seen.entries.count == 300 * 80)
        }
    }

    @Test(arguments: [1, 4])
    func `tenants take turns within a kind of which only a few may run at once, whatever room there is beside`(limit: Int) async throws {
        try await QueueBench.with { bench in
            try await bench.pool.run(
                script: """
                    INSERT INTO jobs.job (tenant_id, kind, payload)
                    SELECT t, 'note', '{"text":"x"}' FROM generate_series(1, 3) AS t, generate_series(1, 60)
                    """)
            var cursor = JobCursor.start
            var taken: [Int64] = []
            let offer = JobOffer(kind: "note", version: 1, gate: nil, room: limit, batchSize: 1)
            while taken.count < 90 {
                let rows = try await bench.pool.query(
                    JobClaim(worker: UUID(), lease: .seconds(60), room: 16, steps: 64, offers: [offer], cursor: cursor))
                let jobs = try rows.jobs.map(\.tenant)
                #expect(jobs.count <= limit)
                taken += jobs
                cursor = try #require(rows.sight).cursor
            }
            let counts = Dictionary(grouping: taken) { $0 }.mapValues(\.count)
            #expect(counts.count == 3)
            #expect(counts.values.allSatisfy { $0 >= 24 }, "\(counts)")
        }
    }

    @Test func `two limited kinds with work of different tenants both go round`() async throws {
        try await QueueBench.with { bench in
            try await bench.pool.run(
                script: """
                    INSERT INTO jobs.job (tenant_id, kind, payload)
                    SELECT t, k, '{"text":"x","number":1}' FROM generate_series(1, 20) AS t, (VALUES ('note'), ('item')) AS k (k), generate_series(1, 9);
                    """)
            var cursor = JobCursor.start
            var taken: [String: Set<Int64>] = [:]
            let offers = [
                JobOffer(kind: "note", version: 1, gate: nil, room: 2, batchSize: 1),
                JobOffer(kind: "item", version: 1, gate: nil, room: 3, batchSize: 1),
            ]
            for _ in 1...60 {
                let rows = try await bench.pool.query(
                    JobClaim(worker: UUID(), lease: .seconds(60), room: 16, steps: 64, offers: offers, cursor: cursor))
                for job in try rows.jobs { taken[job.kind, default: []].insert(job.tenant) }
                cursor = try #require(rows.sight).cursor
            }
            #expect(taken["note"]?.count == 20)
            #expect(taken["item"]?.count == 20)
        }
    }

    @Test func `promise 8: more gated tenants than a claim looks at do not hide the one that may run`() async throws {
        try await QueueBench.with { bench in
            try await bench.pool.run(
                script: """
                    INSERT INTO jobs.job (tenant_id, kind, payload) SELECT t, 'note', '{"text":"held"}' FROM generate_series(1, 300) AS t;
                    INSERT INTO jobs.gate (tenant_id, name, shut_until, reason) SELECT t, 'vendor', 'infinity', 'test' FROM generate_series(1, 299) AS t;
                    """)
            let seen = Journal<Int64>()
            let handler = Does(Note.self) { job, _ in
                seen.note(job.tenant)
                return .done()
            }
            try await bench.processing(.of(handler)) { _ in await seen.wait(count: 1) }
            #expect(seen.entries == [300])
        }
    }

    @Test func `promise 8: behind a million waiting jobs of one tenant another's single job is in the very next claim`() async throws {
        try await QueueBench.with { bench in
            try await bench.database.fill(
                """
                INSERT INTO jobs.job (tenant_id, kind, payload, run_at)
                SELECT 7, 'note', '{"text":"x"}', now() - interval '1 day' FROM generate_series(1, 1000000)
                """)
            let claim = { (cursor: JobCursor) in
                try await bench.pool.query(
                    JobClaim(
                        worker: UUID(), lease: .seconds(60), room: 4, steps: 64,
                        offers: [JobOffer(kind: "note", version: 1, gate: nil, room: 4, batchSize: 1)], cursor: cursor))
            }
            var cursor = JobCursor.start
            // Whether its number is lower or higher, and wherever the last claim stopped.
            for tenant in [3, 9, 3, 9] as [Int64] {
                let rows = try await claim(cursor)
                #expect(try rows.jobs.map(\.tenant) == [7, 7, 7, 7])
                cursor = try #require(rows.sight).cursor
                try await bench.enqueue([Note("late")], tenant: tenant)
                let next = try await claim(cursor)
                #expect(try next.jobs.map(\.tenant).contains(tenant))
                cursor = try #require(next.sight).cursor
            }
        }
    }

    @Test func `promise 8: a tenant whose jobs all fail, again and again, changes nothing of another's turns`() async throws {
        try await QueueBench.with { bench in
            try await bench.enqueue((1...600).map { Note("fails \($0)") }, tenant: 1)
            try await bench.enqueue((1...60).map { Note("\($0)") }, tenant: 2)
            let seen = Journal<Int64>()
            let handler = Does(Note.self) { job, _ in
                seen.note(job.tenant)
                if job.tenant == 1 { throw Refusal() }
                return .done()
            }
            try await bench.processing(.of(handler)) { _ in
                await seen.wait { $0.count(where: { $0 == 2 }) == 60 }
                // In turns, and the room of two claims of grace.
                let last = try #require(seen.entries.lastIndex(of: 2))
                #expect(last < 60 * 2 + 40)
                try await bench.until("SELECT count(*) FROM jobs.dead", is: "600")
            }
            #expect(seen.entries.count { $0 == 2 } == 60, "each ran once")
            #expect(seen.entries.count { $0 == 1 } == 600 * Note.policy.maxAttempts)
            #expect(try await bench.pool.ask("SELECT max(attempt) FROM jobs.history WHERE tenant_id = 2") == "1")
        }
    }

    @Test func `promise 8: while one process is alone with a tenant's suspect, another goes on with everybody's work`() async throws {
        try await QueueBench.with { bench in
            try await bench.pool.run(
                script: """
                    INSERT INTO jobs.job (tenant_id, kind, payload, state, crashes) VALUES (1, 'note', '{"text":"suspect"}', 'suspect', 1)
                    """)
            let seen = Journal<Int64>()
            let mayEnd = Door()
            let handler = Does(Note.self) { job, _ in
                seen.note(job.tenant)
                if job.payload.text == "suspect" { try await mayEnd.pass() }
                return .done()
            }
            try await bench.processing(.of(handler)) { _ in
                await seen.wait(count: 1)
                try await bench.enqueue((1...40).map { Note("\($0)") }, tenant: 2)
                try await bench.processing(.of(handler)) { _ in
                    await seen.wait { $0.count(where: { $0 == 2 }) == 40 }
                    let suspect = try await bench.pool.ask("SELECT concat(state, ' ', alone) FROM jobs.job WHERE tenant_id = 1")
                    #expect(suspect == "running t")
                    mayEnd.open()
                    await seen.wait(count: 41)
                }
            }
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.history WHERE state = 'done'") == "41")
        }
    }

    @Test func `promise 8: a tenant's hundred suspects hold up another's work for no longer than they themselves take`() async throws {
        try await QueueBench.with { bench in
            try await bench.pool.run(
                script: """
                    INSERT INTO jobs.job (tenant_id, kind, payload, state, crashes)
                    SELECT 1, 'note', '{"text":"suspect"}', 'suspect', 1 FROM generate_series(1, 100);
                    INSERT INTO jobs.job (tenant_id, kind, payload) SELECT 2, 'note', '{"text":"usual"}' FROM generate_series(1, 10);
                    """)
            let seen = Journal<Int64>()
            let handler = Does(Note.self) { job, _ in
                seen.note(job.tenant)
                return .done()
            }
            try await bench.processing(.of(handler)) { _ in await seen.wait(count: 110) }
            // What was there when the process came begins first; suspects have to wait until they can be alone.
            #expect(seen.entries.prefix(10).allSatisfy { $0 == 2 })
        }
    }

    @Test func `promise 8: a tenant whose jobs hang takes no more than its part of a kind's places, and is back at once when they end`() async throws
    {
        try await QueueBench.with { bench in
            try await bench.enqueue((1...30).map { Note("hangs \($0)") }, tenant: 1)
            let seen = Journal<Int64>()
            let mayEnd = Door()
            let handler = Does(Note.self) { job, _ in
                seen.note(job.tenant)
                if job.tenant == 1 { try await mayEnd.pass() }
                return .done()
            }
            var registry = JobRegistry()
            try registry.register(handler, limit: 4, tenantLimit: 3)
            var settings = QueueBench.settings
            // Were it a look at the queue that brings the next job, this would take the test's whole time.
            settings.poll = .seconds(120)
            try await bench.processing(registry, settings: settings) { _ in
                await seen.wait(count: 3)
                try await bench.enqueue((1...50).map { Note("\($0)") }, tenant: 2)
                await seen.wait { $0.count(where: { $0 == 2 }) == 50 }
                #expect(seen.entries.count { $0 == 1 } == 3)
                mayEnd.open()
                await seen.wait(count: 80)
            }
            let ended = try await bench.pool.ask("SELECT count(*) FROM jobs.history WHERE state = 'done'")
            #expect(ended == "80")
        }
    }

    private struct Refusal: Error {}

    @Test func `promise 13: the claim walks its index and sorts no backlog, whatever the statistics say`() async throws {
        try await QueueBench.with { bench in
            let offer = JobOffer(kind: "note", version: 1, gate: "vendor", room: 100, batchSize: 1)
            let claim = JobClaim(worker: UUID(), lease: .seconds(60), room: 100, steps: 64, offers: [offer], cursor: .start)
            let fill = """
                INSERT INTO jobs.job (tenant_id, kind, payload, unique_key)
                SELECT i % 7, 'note', '{"text":"x"}', 'k' || i FROM generate_series(1, 200000) AS i;
                INSERT INTO jobs.job (tenant_id, kind, payload, state, run_at)
                SELECT i % 7, 'note', '{"text":"x"}', 'scheduled', now() + interval '1 day' FROM generate_series(1, 50000) AS i;
                """
            // As the engine's own connections plan it.
            let pool = try bench.database.makePool { $0.sessionSettings = JobProcessor.plannerSettings }
            // First as the planner sees a table it has never looked at, then as it is.
            for script in ["SET LOCAL client_min_messages = error", fill, "ANALYZE jobs.job"] {
                try await bench.pool.run(script: script)
                let plan = try await pool.query(Explained(statement: claim)).joined(separator: "\n")
                #expect(!plan.contains("JIT"), "\(plan)")
                #expect(!plan.contains("Seq Scan"), "\(plan)")
                #expect(plan.contains("using job_ready"))
                #expect(!plan.contains("Bitmap"), "\(plan)")
                let expired = try await pool.query(Explained(statement: JobsExpired(lease: .zero, limit: 100))).joined(separator: "\n")
                #expect(expired.contains("job_running") && !expired.contains("Seq Scan"), "\(expired)")
                let ends = JobsEnd(ends: [JobEnd(id: JobID(rawValue: 1), lease: 1, fate: .done)])
                let end = try await pool.query(Explained(statement: ends)).joined(separator: "\n")
                #expect(!end.contains("Seq Scan"), "\(end)")
            }
            let rows = try await pool.query(claim)
            await pool.shutdown()
            // The handlers' own connections: a plan from when the table was small must not outlive that.
            let handlers = try bench.database.makePool { $0.sessionSettings = JobProcessor.handlerSettings }
            let fence = try await handlers.query(Explained(statement: JobsFence(runs: [JobRun(id: JobID(rawValue: 1), lease: 1)])))
            await handlers.shutdown()
            #expect(!fence.joined().contains("Seq Scan on job "), "\(fence)")
            #expect(try rows.jobs.count == 100)
        }
    }
}
