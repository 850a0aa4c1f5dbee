import Fleet
import Simulator
import StageKit
import TestKit
import Testing

extension CrashTests {
    /// Processes that live but have lost their connections or their time.
    @Suite struct CutOff {
        @Test(.timeLimit(.minutes(10)), arguments: CrashSeed.drawn())
        func `promise 9: connections ended by the server in mid-load cost nothing`(seed: CrashSeed) async throws {
            var random = seed.random
            try await Stage.set(.thin(leads: 2_000, seed: seed)) { stage in
                let children = [try await stage.worker(1), try await stage.worker(2), try await stage.scheduler(1)]
                for point in (0..<4).map({ _ in 20 + random.below(1_800) }).sorted() {
                    try await stage.untilRegistered(point)
                    try await stage.cluster.asSuperuser(
                        """
                        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE datname = '\(stage.database.name)' AND application_name LIKE 'kakehashi%'
                        """)
                }
                try await stage.settle()
                #expect(children.allRun)
                try await stage.expectTruth()
                stage.expectGoodManners()
            }
        }

        @Test(.timeLimit(.minutes(10)), arguments: CrashSeed.drawn())
        func `promise 2: a worker that was frozen beyond its lease writes nothing when it thaws, and is forgiven`(seed: CrashSeed) async throws {
            try await Stage.set(.thin(leads: 1_500, seed: seed, milliseconds: 1_500...2_500)) { stage in
                let sleeper = try await stage.worker(1)
                // It has calls under way, whose answers it will find when it thaws.
                try await stage.until("SELECT count(*) >= 2 FROM jobs.job WHERE state = 'running' AND kind = 'fetch-lead-page'")
                sleeper.freeze()
                let held = try await stage.value("SELECT string_agg(id::text, ',') FROM jobs.job WHERE state = 'running'") ?? "0"
                stage.marketo.removeFault()
                let other = try await stage.worker(2)
                // All it held was taken from it and done by the other.
                try await stage.until("SELECT count(*) = 0 FROM jobs.job WHERE id IN (\(held)) AND kind = 'fetch-lead-page'")
                sleeper.thaw()
                // It hears of it from its heartbeat, or as it tries to end a job.
                try await sleeper.says("Leases were lost", or: "Job was lost before its end")
                try await stage.settle()
                #expect(sleeper.isRunning && other.isRunning)
                #expect(try await stage.count("SELECT count(*) FROM (SELECT FROM jobs.history GROUP BY id HAVING count(*) > 1) AS twice") == 0)
                #expect(
                    try await stage.value(
                        "SELECT bool_and(lease_no > 1) FROM jobs.history WHERE id IN (\(held)) AND kind = 'fetch-lead-page' AND state = 'done'")
                        == "true", "done under a later lease than the frozen worker's")
                try await stage.expectTruth()
                stage.expectGoodManners()
                // Still of use: it takes part again.
                try await stage.until("SELECT count(*) = 2 FROM jobs.worker WHERE seen_at > now() - interval '5 seconds'")
            }
        }
    }
}
