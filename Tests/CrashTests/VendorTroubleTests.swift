import Fleet
import Postgres
import Simulator
import StageKit
import TestKit
import Testing

extension CrashTests {
    /// A vendor that cuts, garbles, refuses and resets in mid-load.
    @Suite struct VendorTrouble {
        @Test(.timeLimit(.minutes(10)), arguments: CrashSeed.drawn())
        func `matrix 3.5, cut or invalid body, lost answer: cut, garbled, lost, refused and reset in mid-load nothing is lost`(seed: CrashSeed)
            async throws
        {
            try await Stage.set(.thin(leads: 3_000, seed: seed, milliseconds: 5...40)) { stage in
                let leads = "/rest/v1/leads.json"
                for fault in [
                    FaultRule(.truncated, path: leads).at(rate: 0.08).limited(to: 4),
                    FaultRule(.invalidJSON, path: leads).at(rate: 0.08).limited(to: 4),
                    FaultRule(.http, path: "/rest/*").at(rate: 0.08).limited(to: 4).with { $0.status = 502 },
                    FaultRule(.reset, path: "/rest/*").at(rate: 0.08).limited(to: 4),
                    FaultRule(.lostAnswer, path: leads).at(rate: 0.08).limited(to: 3),
                    FaultRule.code("611", path: leads).at(rate: 0.05).limited(to: 2),
                    FaultRule(.tokenExpired, path: leads).limited(to: 1).with { $0.after = 3 },
                    FaultRule(.tokenInvalid, path: leads).limited(to: 1).with { $0.after = 22 },
                ] { stage.marketo.add(fault) }
                let children = [try await stage.worker(1), try await stage.worker(2), try await stage.scheduler(1)]
                try await stage.settle()
                #expect(children.allRun)
                #expect(stage.marketo.evidence.faults.count >= 4, "\(stage.marketo.evidence.faults)")
                try await stage.expectTruth()
                stage.expectGoodManners()
            }
        }

        @Test(.timeLimit(.minutes(10)), arguments: CrashSeed.drawn())
        func `matrix 3.5, 606 and 615: they are waited out, and cost no attempt`(seed: CrashSeed) async throws {
            try await Stage.set(.thin(leads: 1_500, seed: seed, milliseconds: 5...40)) { stage in
                let leads = "/rest/v1/leads.json"
                stage.marketo.add(FaultRule.code("606", path: leads).limited(to: 2).with { $0.after = 3 })
                stage.marketo.add(FaultRule.code("615", path: leads).limited(to: 1).with { $0.after = 9 })
                let children = [try await stage.worker(1), try await stage.worker(2)]
                try await stage.settle()
                #expect(children.allRun)
                // Those that were staged, and none that we brought about ourselves.
                let refused = stage.marketo.evidence.callsByCode
                #expect(refused["606"] == 2 && refused["615"] == 1 && refused["607"] == nil, "\(refused)")
                #expect(try await stage.count("SELECT count(*) FROM jobs.history WHERE attempt > 1") == 0)
                try await stage.expectTruth()
                #expect(stage.marketo.evidence.mostInAnyWindow <= Stage.window && stage.marketo.evidence.mostAtOnce <= Stage.atOnce)
            }
        }

        @Test(.timeLimit(.minutes(10)), arguments: CrashSeed.drawn())
        func `matrix 3.5, 607: no lead is asked for until the day turns, then the load goes on by itself`(seed: CrashSeed) async throws {
            var random = seed.random
            // One at a time: a call that is under way already when the news comes can't be called back.
            try await Stage.set(.thin(leads: 1_000, seed: seed, milliseconds: 5...40), settings: ["concurrent-calls": "1"]) { stage in
                stage.marketo.limits.callsPerDay = stage.marketo.evidence.counted + 3 + random.below(6)
                let children = [try await stage.worker(1), try await stage.worker(2), try await stage.scheduler(1)]
                try await stage.until("SELECT count(*) = 1 FROM ops.sync_progress WHERE state = 'paused_quota'")
                // Kill one and start another: the news is the database's, not a process's.
                children[0].kill()
                let heir = try await stage.worker(3)
                try await stage.until(
                    "SELECT count(*) >= 2 FROM jobs.worker WHERE seen_at > now() - interval '2 seconds' AND pid IN (\(heir.pid), \(children[1].pid))")
                try await stage.until(
                    "NOT EXISTS (SELECT FROM jobs.job WHERE kind IN ('upsert-contact', 'resolve-account'))")
                let evidence = stage.marketo.evidence
                #expect(evidence.callsAfterQuota <= 1, "the one that brought the news")
                #expect(evidence.statsCallsAfterQuota <= 1 && evidence.identityCallsAfterQuota <= 1)
                // Midnight in Chicago.
                stage.marketo.advance(seconds: 86_400)
                stage.marketo.limits.callsPerDay = 50_000
                try await stage.pool.run(
                    script: """
                        UPDATE sync.call_budgets SET spent_until = now();
                        UPDATE jobs.gate SET shut_until = now();
                        UPDATE jobs.job SET run_at = now() WHERE state = 'scheduled' AND run_at < now() + interval '26 hours';
                        """)
                try await stage.settle()
                try await stage.expectTruth()
            }
        }
    }
}
