import Foundation
import Postgres

@testable import JobQueue

/// One of many who do all there is to do with a queue, and who goes on speaking for jobs that it has lost.
struct CrowdMember {
    let pool: PostgresPool
    let name: Int
    /// Everything it ever took and has not ended itself, lost or not.
    private var runs: [JobRun] = []

    init(pool: PostgresPool, name: Int) {
        self.pool = pool
        self.name = name
    }

    /// What was done is written down in the transaction that did it; the keys notice what happens twice.
    static let tables = """
        CREATE TABLE public.enqueued (id bigint PRIMARY KEY);
        CREATE TABLE public.claimed (id bigint, lease bigint, PRIMARY KEY (id, lease));
        CREATE TABLE public.effect (id bigint PRIMARY KEY, lease bigint);
        """

    /// What is wrong, as seen in one moment; empty when all is well.
    static let wrong = """
        WITH place AS MATERIALIZED (
            SELECT id, lease_no, 'live' AS state FROM jobs.job UNION ALL SELECT id, lease_no, state FROM jobs.history
            UNION ALL SELECT id, lease_no, 'dead' FROM jobs.dead
        )
        SELECT concat_ws(', ',
            (SELECT string_agg(id || ' is in two places', ', ') FROM (SELECT id FROM place GROUP BY id HAVING count(*) > 1) AS twice),
            (SELECT string_agg(e.id || ' is lost', ', ') FROM public.enqueued e WHERE NOT EXISTS (SELECT FROM place p WHERE p.id = e.id)),
            (SELECT string_agg(p.id || ' comes from nowhere', ', ') FROM place p WHERE NOT EXISTS (SELECT FROM public.enqueued e WHERE e.id = p.id)),
            (SELECT string_agg(p.id || ' has a lease that nobody was given', ', ') FROM place p
            WHERE p.lease_no <> (SELECT count(*) FROM public.claimed c WHERE c.id = p.id)),
            (SELECT string_agg(p.id || ' is done without effect', ', ') FROM place p
            WHERE p.state = 'done' AND NOT EXISTS (SELECT FROM public.effect e WHERE e.id = p.id)),
            (SELECT string_agg(e.id || ' took effect under a stale lease', ', ') FROM public.effect e
            WHERE e.lease <> (SELECT max(c.lease) FROM public.claimed c WHERE c.id = e.id)),
            (SELECT string_agg(e.id || ' took effect and is not done', ', ') FROM public.effect e
            WHERE NOT EXISTS (SELECT FROM place p WHERE p.id = e.id AND p.state = 'done')))
        """

    /// Does something, by chance.
    ///
    /// - Ends: any error but those that are answers: an order that came too late, a rival that came in this very moment.
    mutating func act() async throws {
        do {
            try await self.something()
        } catch let error as PostgresError {
            guard let state = error.sqlState, [SQLState.uniqueViolation.rawValue, "P0002", "55000"].contains(state) else { throw error }
            guard !error.description.contains("claimed_pkey"), !error.description.contains("effect_pkey") else { throw error }
        }
    }

    private mutating func something() async throws {
        switch Int.random(in: 0..<20) {
        case 0..<3: try await self.enqueue()
        case 3..<8: try await self.claim()
        case 8..<12: try await self.finish()
        case 12..<15: try await self.giveBack()
        case 15:
            _ = try await self.pool.query(
                JobsHeartbeat(runs: self.runs.suffix(30), lease: .seconds(60), worker: ModelDatabase.identity(self.name)))
        case 16:
            try await self.pool.run(
                script: """
                    UPDATE jobs.job SET lease_until = now() - interval '1 second', run_at = least(run_at, now()) WHERE id IN (
                        SELECT id FROM jobs.job ORDER BY random() LIMIT 2 FOR UPDATE SKIP LOCKED) AND state IN ('running', 'scheduled')
                    """)
        case 17: try await self.rescue()
        case 18:
            _ = try await self.pool.query(JobsPromote(bite: 20, after: -1))
            try await self.pool.execute(JobsAbsolve(runs: self.runs.shuffled().suffix(2)))
        default: try await self.order()
        }
    }

    private func enqueue() async throws {
        let key = ["a", "b", "c", "d", nil].randomElement() ?? nil
        let insert = JobsInsert(
            tenant: 0, kind: "note", version: 1, priority: 5, maxAttempts: 3, payloads: ["{}"], keys: [key], runAt: nil,
            after: .seconds(Int.random(in: 0...1) * 3_600))
        try await self.pool.transaction { tx in
            for row in try await tx.query(insert) {
                try await tx.run(script: "INSERT INTO public.enqueued VALUES (\(row.id)) ON CONFLICT DO NOTHING")
            }
        }
    }

    private mutating func claim() async throws {
        let offers = [JobOffer(kind: "note", version: 1, gate: "vendor", room: 3, batchSize: 1)]
        let worker = ModelDatabase.identity(self.name).id
        let suspects = Bool.random()
        let taken = try await self.pool.transaction { tx in
            let jobs =
                suspects
                ? try await tx.query(JobSuspectClaim(worker: worker, lease: .seconds(60), offers: offers)).map(\.job)
                : try await tx.query(
                    JobClaim(worker: worker, lease: .seconds(60), room: Int.random(in: 1...3), steps: 64, offers: offers, cursor: .start)
                ).jobs
            for job in jobs { try await tx.run(script: "INSERT INTO public.claimed VALUES (\(job.id), \(job.lease))") }
            return jobs.map { JobRun(id: $0.id, lease: $0.lease) }
        }
        self.runs += taken
        if suspects, let run = taken.first { try await self.pool.execute(JobAlone(id: run.id, lease: run.lease)) }
    }

    /// The way of a handler with effects: fence, effects, end, in one transaction.
    private mutating func finish() async throws {
        let runs = self.some()
        try await self.pool.transaction { tx in
            let held = Set(try await tx.query(JobsFence(runs: runs)))
            for run in runs where held.contains(run.id) { try await tx.run(script: "INSERT INTO public.effect VALUES (\(run.id), \(run.lease))") }
            let ended = try await tx.query(
                JobsEnd(ends: runs.filter { held.contains($0.id) }.map { JobEnd(id: $0.id, lease: $0.lease, fate: .done) }))
            guard ended.count == held.count else { throw CancellationError() }
        }
    }

    private func giveBack() async throws {
        let fates: [JobEnd.Fate] = [.retry, .retry, .postpone, .handBack, .bury, .cancel]
        let ends = self.some().map { run in
            JobEnd(id: run.id, lease: run.lease, fate: fates.randomElement() ?? .handBack, reason: "x", delay: .seconds(Int.random(in: 0...1) * 60))
        }
        _ = try await self.pool.query(JobsEnd(ends: ends))
    }

    private func rescue() async throws {
        try await self.pool.transaction { tx in
            let runs = try await tx.query(JobsExpired(lease: .zero, limit: 100)).sorted { $0.id < $1.id }
            _ = try await tx.query(JobsEnd(ends: runs.map { JobEnd(id: $0.id, lease: $0.lease, fate: .crash, reason: "gone") }))
        }
    }

    private func order() async throws {
        guard let order = JobOrder.Order.allCases.randomElement(),
            let id = try await self.pool.ask(
                "SELECT id FROM (SELECT id FROM jobs.job UNION ALL SELECT id FROM jobs.dead) AS j ORDER BY random() LIMIT 1"
            ).flatMap({ Int64($0) })
        else { return }
        _ = try await self.pool.first(JobOrder(order, JobID(rawValue: id)))
    }

    /// Some of its runs, each job once, mostly the latest.
    private func some() -> [JobRun] {
        var seen: Set<JobID> = []
        return (self.runs.suffix(2) + self.runs.shuffled().prefix(2)).filter { seen.insert($0.id).inserted }.sorted { $0.id < $1.id }
    }
}
