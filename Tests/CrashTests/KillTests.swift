import Fleet
import Simulator
import StageKit
import TestKit
import Testing

extension CrashTests {
    /// Promise 9: killing any process at any instant, PostgreSQL included, loses nothing, doubles nothing, and needs nobody.
    @Suite struct Kill {
        private enum Victim: CaseIterable { case worker, scheduler, database }

        @Test(.timeLimit(.minutes(10)), arguments: CrashSeed.drawn())
        func `promise 9: kill -9 of workers, scheduler and PostgreSQL in mid-load ends in the same state as an undisturbed load`(
            seed: CrashSeed
        ) async throws {
            var random = seed.random
            let cluster = try await PrivateCluster.own(settings: ["synchronous_commit = on"])
            try await Stage.set(.thin(leads: 3_000, seed: seed), on: cluster) { stage in
                var workers = [try await stage.worker(1), try await stage.worker(2)]
                var scheduler = try await stage.scheduler(1)
                let victims: [Victim] = [.worker, .worker, .scheduler, .database, .database].shuffled(using: &random)
                let points = victims.map { _ in 50 + random.below(2_700) }.sorted()
                for (victim, point) in zip(victims, points) {
                    try await stage.untilRegistered(point)
                    switch victim {
                    case .worker:
                        // A job that lost two workers, the second time alone with it, is rightly buried (promise 10); here nobody is to blame.
                        try await stage.until("NOT EXISTS (SELECT FROM jobs.job WHERE crashes > 0)")
                        let chosen = random.below(workers.count)
                        workers[chosen].kill()
                        #expect(await workers[chosen].ended(within: .seconds(10)) == .signalled(9))
                        workers[chosen] = try await stage.family.restart(workers[chosen])
                    case .scheduler:
                        scheduler.kill()
                        #expect(await scheduler.ended(within: .seconds(10)) == .signalled(9))
                        scheduler = try await stage.family.restart(scheduler)
                    case .database:
                        try await cluster.stop(.immediate)
                        try await cluster.start()
                    }
                }
                try await stage.settle()
                #expect(workers.allRun && scheduler.isRunning)
                try await stage.expectTruth()
                stage.expectGoodManners()
            }
            try await cluster.remove()
        }

        @Test(.timeLimit(.minutes(10)), arguments: CrashSeed.drawn())
        func `promise 9: PostgreSQL restarts with calls under way: no job is blamed for it, and no call holds its place afterwards`(seed: CrashSeed)
            async throws
        {
            let cluster = try await PrivateCluster.own(settings: ["synchronous_commit = on"])
            try await Stage.set(.thin(leads: 1_000, seed: seed, milliseconds: 300...600), on: cluster) { stage in
                let worker = try await stage.worker(1, lease: 30)
                for _ in 1...2 {
                    try await stage.until("SELECT count(*) >= 2 FROM sync.calls WHERE ended_at IS NULL")
                    try await cluster.stop(.immediate)
                    try await cluster.start()
                }
                try await stage.settle()
                #expect(worker.isRunning)
                #expect(try await stage.count("SELECT count(*) FROM jobs.history WHERE crashes > 0") == 0)
                // But for one at most, whose booking was written and whose permit never arrived: such a one is over-counted for its lease.
                try await stage.until("SELECT count(*) <= 1 FROM sync.calls WHERE ended_at IS NULL")
                try await stage.expectTruth()
                stage.expectGoodManners()
            }
            try await cluster.remove()
        }

        @Test(.timeLimit(.minutes(10)), arguments: CrashSeed.drawn())
        func `promise 9: a killed worker's jobs go on elsewhere, and what it had written stands`(seed: CrashSeed) async throws {
            var random = seed.random
            try await Stage.set(.thin(leads: 1_500, seed: seed)) { stage in
                let victim = try await stage.worker(1)
                try await stage.untilRegistered(1 + random.below(1_200))
                victim.kill()
                // From here on it is alone, and nobody helps it.
                let heir = try await stage.worker(2)
                try await stage.settle()
                #expect(heir.isRunning)
                try await stage.expectTruth()
                stage.expectGoodManners()
            }
        }
    }
}
