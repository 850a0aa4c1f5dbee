import Foundation
import Postgres
import TestKit
import Testing

@testable import JobQueue

@Suite(.timeLimit(.minutes(20))) struct FencingTests {
    /// Claims as a process of its own would, with a lease that is already over when `expired`.
    static func claim(_ pool: PostgresPool, worker: UUID, expired: Bool = false) async throws -> JobClaimed {
        let offer = JobOffer(kind: "note", version: 1, gate: "vendor", room: 1, batchSize: 1)
        let rows = try await pool.query(
            JobClaim(worker: worker, lease: expired ? .seconds(-1) : .seconds(60), room: 1, steps: 64, offers: [offer], cursor: .start))
        return try #require(rows.jobs.first)
    }

    /// Makes what has expired waiting again, by the statements of the rescue.
    static func rescue(_ pool: PostgresPool) async throws -> Int {
        try await pool.transaction { tx in
            let runs = try await tx.query(JobsExpired(lease: .zero, limit: 100))
            return try await tx.query(JobsEnd(ends: runs.map { JobEnd(id: $0.id, lease: $0.lease, fate: .crash, reason: "gone") })).count
        }
    }

    @Test func `promise 2: whatever a worker that lost its lease says changes nothing`() async throws {
        try await QueueBench.with { bench in
            try await bench.enqueue([Note("x", key: "k")])
            let stale = try await Self.claim(bench.pool, worker: UUID(), expired: true)
            #expect(try await Self.rescue(bench.pool) == 1)
            // The second holder claims the same row: the number of the lease has risen.
            try await bench.pool.run(script: "UPDATE jobs.job SET state = 'ready', crashes = 0, crash_lease = NULL")
            let holder = try await Self.claim(bench.pool, worker: UUID())
            #expect(holder.id == stale.id)
            #expect(holder.lease == stale.lease + 1)
            let row = "SELECT row(state, attempt, crashes, lease_no, lease_until, worker_id, errors, run_at)::text FROM jobs.job"
            let before = try await bench.pool.ask(row)
            for fate in [JobEnd.Fate.done, .cancel, .bury, .retry, .postpone, .handBack, .crash] {
                let ended = try await bench.pool.query(JobsEnd(ends: [JobEnd(id: stale.id, lease: stale.lease, fate: fate, reason: "stale")]))
                #expect(ended.isEmpty)
            }
            let beat = JobsHeartbeat(
                runs: [JobRun(id: stale.id, lease: stale.lease)], lease: .seconds(999), worker: WorkerIdentity(version: "1"))
            #expect(try await bench.pool.query(beat).isEmpty)
            #expect(try await bench.pool.query(JobsFence(runs: [JobRun(id: stale.id, lease: stale.lease)])).isEmpty)
            #expect(try await bench.pool.execute(JobAlone(id: stale.id, lease: stale.lease)) == 0)
            #expect(try await bench.pool.ask(row) == before)
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.history") == "0")
            #expect(try await bench.pool.ask("SELECT count(*) FROM jobs.dead") == "0")
            // And the holder's word counts.
            let ended = try await bench.pool.query(JobsEnd(ends: [JobEnd(id: holder.id, lease: holder.lease, fate: .done)]))
            #expect(ended.map(\.end) == ["done"])
        }
    }

    @Test func `promises 1 and 2: a handler whose job was taken away can't commit its effects`() async throws {
        try await QueueBench.with { bench in
            try await bench.pool.run(script: "CREATE TABLE fact (value text)")
            try await bench.enqueue([Note("x")])
            let begun = Journal<Int>()
            let mayGo = Door()
            let handler = Does(Note.self) { job, _ in
                begun.note(1)
                await mayGo.pass(deaf: true)
                return .done { tx in try await tx.run(script: "INSERT INTO fact VALUES ('\(job.payload.text)')") }
            }
            try await bench.processing(.of(handler)) { processor in
                await begun.wait(count: 1)
                // As a rescue and a second claim by another process would.
                try await bench.pool.run(
                    script: "UPDATE jobs.job SET lease_no = lease_no + 1, worker_id = gen_random_uuid(), lease_until = now() + interval '1 hour'")
                mayGo.open()
                try await bench.untilIdle(processor)
            }
            #expect(try await bench.pool.ask("SELECT count(*) FROM fact") == "0")
            #expect(try await bench.pool.ask("SELECT state FROM jobs.job") == "running")
        }
    }

    @Test func `a lost lease cancels the handler at the next heartbeat`() async throws {
        try await QueueBench.with { bench in
            try await bench.enqueue([Note("x")])
            let journal = Journal<String>()
            let never = Door()
            let handler = Does(Note.self) { _, _ in
                journal.note("begin")
                do { try await never.pass() } catch {
                    journal.note("cancelled")
                    throw error
                }
                return .done()
            }
            var settings = QueueBench.settings
            settings.heartbeat = .milliseconds(50)
            try await bench.processing(.of(handler), settings: settings) { _ in
                await journal.wait(count: 1)
                try await bench.pool.run(
                    script: "UPDATE jobs.job SET lease_no = lease_no + 1, worker_id = gen_random_uuid(), lease_until = now() + interval '1 hour'")
                await journal.wait(count: 2)
            }
            #expect(try await bench.pool.ask("SELECT concat(state, lease_no, attempt) FROM jobs.job") == "running21")
        }
    }

    @Test func `one locked row costs no other job its heartbeat, and is not taken for lost`() async throws {
        try await QueueBench.with { bench in
            try await bench.enqueue([Note("a"), Note("b")])
            let one = try await Self.claim(bench.pool, worker: UUID())
            let two = try await Self.claim(bench.pool, worker: UUID())
            try await bench.pool.run(script: "UPDATE jobs.job SET lease_until = now()")
            let runs = [one, two].map { JobRun(id: $0.id, lease: $0.lease) }
            let other = try bench.database.makePool()
            try await bench.pool.transaction { tx in
                try await tx.run(script: "SELECT FROM jobs.job WHERE id = \(one.id) FOR UPDATE")
                let held = try await other.query(JobsHeartbeat(runs: runs, lease: .seconds(60), worker: WorkerIdentity(version: "1")))
                #expect(Set(held.map(\.run)) == Set(runs))
            }
            await other.shutdown()
            #expect(try await bench.pool.ask("SELECT lease_until > now() + interval '30 s' FROM jobs.job WHERE id = \(two.id)") == "true")
        }
    }

    @Test func `a heartbeat touches no index`() async throws {
        try await QueueBench.with { bench in
            try await bench.enqueue((1...8).map { Note("\($0)", key: "\($0)") })
            let offer = JobOffer(kind: "note", version: 1, gate: nil, room: 8, batchSize: 1)
            let rows = try await bench.pool.query(
                JobClaim(worker: UUID(), lease: .seconds(60), room: 8, steps: 64, offers: [offer], cursor: .start))
            let runs = try rows.jobs.map { JobRun(id: $0.id, lease: $0.lease) }
            #expect(runs.count == 8)
            // The page is tidy, so there is room on it for a second version of each.
            try await bench.pool.run(script: "VACUUM jobs.job")
            let count = Ask(query: "SELECT n_tup_upd - n_tup_hot_upd FROM pg_stat_xact_user_tables WHERE relid = 'jobs.job'::regclass")
            let (before, after) = try await bench.pool.transaction { tx in
                let before = try await tx.first(count)
                _ = try await tx.query(JobsHeartbeat(runs: runs, lease: .seconds(60), worker: WorkerIdentity(version: "1")))
                return (before, try await tx.first(count))
            }
            #expect(before == after)
        }
    }
}
