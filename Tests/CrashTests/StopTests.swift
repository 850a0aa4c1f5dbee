import Fleet
import Simulator
import StageKit
import TestKit
import Testing

extension CrashTests {
    /// SIGTERM: finish or hand back, and go with 0.
    @Suite struct Stop {
        @Test(.timeLimit(.minutes(10)), arguments: CrashSeed.drawn())
        func `SIGTERM in mid-load: exit 0 within the drain time, nothing lost, no job waits for a lease to run out`(seed: CrashSeed) async throws {
            var random = seed.random
            try await Stage.set(.thin(leads: 2_000, seed: seed, milliseconds: 100...400)) { stage in
                // A lease so long that whoever waited for its end would not come to rest in time.
                let workers = [try await stage.worker(1, lease: 600), try await stage.worker(2, lease: 600)]
                let scheduler = try await stage.scheduler(1)
                try await stage.untilRegistered(100 + random.below(800))
                let leaver = try await stage.value("SELECT id FROM jobs.worker WHERE pid = \(workers[0].pid)") ?? ""
                workers[0].terminate()
                scheduler.terminate()
                #expect(await workers[0].ended(within: .seconds(25)) == .exited(0))
                #expect(await scheduler.ended(within: .seconds(25)) == .exited(0))
                #expect(try await stage.count("SELECT count(*) FROM jobs.job WHERE worker_id = '\(leaver)'") == 0)
                #expect(try await stage.count("SELECT count(*) FROM jobs.worker WHERE id = '\(leaver)'") == 0)
                // The last one goes too: now nothing runs, and everything that is left waits.
                workers[1].terminate()
                #expect(await workers[1].ended(within: .seconds(25)) == .exited(0))
                #expect(try await stage.count("SELECT count(*) FROM jobs.job WHERE state = 'running'") == 0)
                #expect(try await stage.count("SELECT count(*) FROM sync.calls WHERE ended_at IS NULL") == 0, "a call that is over holds no slot")
                try await stage.worker(3, lease: 600)
                try await stage.settle()
                #expect(try await stage.count("SELECT count(*) FROM jobs.history WHERE crashes > 0") == 0)
                try await stage.expectTruth()
                stage.expectGoodManners()
            }
        }

        @Test(.timeLimit(.minutes(10)))
        func `SIGTERM while the database is away: exit 0`() async throws {
            try await ChildFamily.lend(environment: Stage.environment("postgresql://k@127.0.0.1:1/x"), programs: Stage.programs) { family in
                for program in ["worker", "scheduler"] {
                    let child = try await family.start(program, as: program)
                    try await child.says("Waiting for the database")
                    child.terminate()
                    #expect(await child.ended(within: .seconds(25)) == .exited(0), "\(child.log.text)")
                }
            }
        }
    }
}
