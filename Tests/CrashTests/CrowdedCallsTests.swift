import Fleet
import Simulator
import StageKit
import TestKit
import Testing

extension CrashTests {
    /// Promise 6 with real processes: the simulator counts by itself, to the nanosecond of arrival, and knows nothing of our ledger.
    @Suite struct CrowdedCalls {
        @Test(.timeLimit(.minutes(10)), arguments: CrashSeed.drawn())
        func `five workers that all want to call, two of them killed in mid-call: never 101 calls in any 20 s, never 11 at once`(
            seed: CrashSeed
        ) async throws {
            var configuration = SimulatorConfiguration(leads: 1_200, seed: seed.value)
            // Far apart, so that there are more blocks to read than calls in 20 s; and slow, so that all ten places are taken.
            configuration.seed.density = 0.035
            configuration.faults = [FaultRule(.delay, path: "/rest/*").with { ($0.seconds, $0.maxSeconds) = (0.15, 0.6) }]
            try await Stage.set(configuration) { stage in
                var workers: [ChildProcess] = []
                for number in 1...5 { workers.append(try await stage.worker(number, concurrency: 5)) }
                try await stage.until(
                    "(SELECT count(*) FILTER (WHERE ended_at IS NOT NULL) >= 20 AND count(*) FILTER (WHERE ended_at IS NULL) >= 9 FROM sync.calls)")
                // Two of them are gone, with calls under way: nobody ever tells how those ended.
                for worker in workers.prefix(2) { worker.kill() }
                for worker in workers.prefix(2) { #expect(await worker.ended(within: .seconds(10)) == .signalled(9)) }
                try await stage.settle()
                stage.expectGoodManners()
                // There was a crowd before both doors, and several were let in.
                #expect(stage.marketo.evidence.mostInAnyWindow >= Stage.window * 9 / 10)
                #expect(stage.marketo.evidence.mostAtOnce >= Stage.atOnce - 2)
                #expect(stage.marketo.evidence.counted > Stage.window)
                #expect(try await stage.count("SELECT count(DISTINCT worker_id) FROM jobs.history WHERE kind = 'fetch-lead-page'") > 2)
                try await stage.expectTruth()
            }
        }
    }
}
