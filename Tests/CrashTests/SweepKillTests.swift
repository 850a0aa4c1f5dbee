import Fleet
import Postgres
import Simulator
import StageKit
import TestKit
import Testing

extension CrashTests {
    /// Promise 9 where it is hardest: feeds, cursors and merges, not only pages.
    @Suite struct SweepKill {
        @Test(.timeLimit(.minutes(10)), arguments: CrashSeed.drawn())
        func `promises 3 and 9: kill -9 of workers, scheduler and PostgreSQL in mid-sweep loses no change and makes none twice`(
            seed: CrashSeed
        ) async throws {
            var random = seed.random
            let cluster = try await PrivateCluster.own(settings: ["synchronous_commit = on"])
            try await Stage.set(.thin(leads: 1_200, seed: seed, milliseconds: 20...80), on: cluster) { stage in
                var workers = [try await stage.worker(1), try await stage.worker(2)]
                try await stage.settle()
                let changes = try ManyChanges(in: stage.marketo, &random)
                let before = try await stage.count("SELECT count(*) FROM jobs.history")

                // The sweep hangs on the scheduler: a tick was missed, and whoever rings it is killed as soon as it leads.
                let schedule = "sweep:" + (try await stage.value("SELECT id FROM sync.tenants") ?? "")
                try await stage.pool.run(
                    script: "INSERT INTO jobs.tick (schedule, tick, ran) VALUES ('\(schedule)', now() - interval '90 minutes', false)")
                var scheduler = try await stage.scheduler(1)
                try await stage.until("EXISTS (SELECT FROM jobs.leader WHERE name = 'timetable')")
                scheduler.kill()
                #expect(await scheduler.ended(within: .seconds(10)) == .signalled(9))
                try await stage.pool.run(script: "UPDATE jobs.leader SET expires_at = now() - interval '1 second'")
                scheduler = try await stage.family.restart(scheduler)
                try await stage.until("EXISTS (SELECT FROM sync.runs WHERE kind = 'sweep')")

                // Each changed lead is at least read and applied: two jobs.
                for point in (0..<4).map({ _ in 1 + random.below(2 * changes.touched) }).sorted() {
                    try await stage.until(
                        """
                        (SELECT count(*) FROM jobs.history) >= \(before + point)
                            OR NOT EXISTS (SELECT FROM sync.runs WHERE kind = 'sweep' AND state = 'running')
                        """)
                    guard random.below(4) > 0 else {
                        try await cluster.stop(.immediate)
                        try await cluster.start()
                        continue
                    }
                    // A job that lost two workers, the second time alone with it, is rightly buried (promise 10); here nobody is to blame.
                    try await stage.until("NOT EXISTS (SELECT FROM jobs.job WHERE crashes > 0)")
                    let chosen = random.below(workers.count)
                    workers[chosen].kill()
                    #expect(await workers[chosen].ended(within: .seconds(10)) == .signalled(9))
                    workers[chosen] = try await stage.family.restart(workers[chosen])
                }
                try await stage.settle()
                #expect(workers.allRun && scheduler.isRunning)
                let twice = "SELECT FROM sync.audit WHERE what = 'contact_created' GROUP BY lead_id HAVING count(*) > 1"
                #expect(try await stage.count("SELECT count(*) FROM (\(twice)) AS twice") == 0)
                #expect(try await stage.count("SELECT count(*) FROM sync.audit WHERE what = 'lead_merged'") > 0, "a merge was seen")
                #expect(try await stage.count("SELECT count(*) FROM sync.lead_links WHERE state = 'lead_deleted'") > 0, "a deletion was seen")
                try await stage.expectTruth(registered: changes.registered)
                stage.expectGoodManners()
            }
            try await cluster.remove()
        }
    }
}
