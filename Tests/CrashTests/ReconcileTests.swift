import Fleet
import Foundation
import Postgres
import Simulator
import StageKit
import Testing

extension CrashTests {
    /// `kakehashi reconcile` between real workers and a Marketo that goes on meanwhile.
    @Suite struct Reconcile {
        @Test(.timeLimit(.minutes(10)), arguments: CrashSeed.drawn())
        func `reconcile finds nothing after a load and then each kind of difference, writes nothing, and --repair mends all`(seed: CrashSeed)
            async throws
        {
            try await Stage.set(.thin(leads: 600, seed: seed, milliseconds: 1...5)) { stage in
                try await stage.worker(1)
                try await stage.settle()
                let before = try await stage.everything()
                stage.marketo.resetEvidence()
                let clean = try await stage.reconcile()
                #expect(clean.ending == .exited(0), "\(clean.said)")
                #expect(clean.document["checked"] as? Int == stage.marketo.leads().count)
                #expect(clean.found == [:], "\(clean.said)")
                let ids = try #require(stage.marketo.leads().map(\.id).max())
                #expect(stage.marketo.evidence.counted <= Int(ids) / 300 + 10, "\(stage.marketo.evidence.callsByPath)")
                #expect(stage.marketo.evidence.leadsRead >= stage.marketo.leads().count)

                let made = try await stage.makeDifferences()
                // The worker hears of what was done to contacts, and has that behind it before anything is compared.
                try await stage.settle()
                let broken = try await stage.everything()
                #expect(broken != before)
                let found = try await stage.reconcile()
                #expect(found.ending == .exited(1) && found.said.contains("not repaired"), "\(found.said)")
                #expect(found.found == made, "\(found.said)")
                #expect(try await stage.everything() == broken)

                let repaired = try await stage.reconcile("--repair", "--timeout", "100")
                #expect(repaired.ending == .exited(0) && repaired.found == made, "\(repaired.said)")
                #expect(repaired.document["repaired"] as? Int == Set(made.values.joined()).count)
                let after = try await stage.reconcile()
                #expect(after.ending == .exited(0) && after.found == [:], "\(after.said)")
                stage.expectGoodManners()
            }
        }

        @Test(.timeLimit(.minutes(10)))
        func `reconcile: a lead that changes between its two reads, and one that waits to be written, is no difference`() async throws {
            try await Stage.set(SimulatorConfiguration(leads: 300)) { stage in
                try await stage.worker(1)
                try await stage.settle()
                let leads = try await stage.leadsOfTheirOwn()
                // Not yet known here; and then it changes once more, before the answer to the second question about it.
                try stage.marketo.changeScore([leads[0]], by: 5)
                let plain = try await stage.reconcile()
                #expect(plain.ending == .exited(1) && plain.found == ["stale": [leads[0]]], "\(plain.said)")
                // Two probes, the block, the one above it, and then those that differ.
                let slow = stage.marketo.add(
                    FaultRule(.delay, path: "/rest/v1/leads.json").with {
                        $0.nth = 5
                        $0.seconds = 2
                    })
                async let changing = stage.reconcile()
                try await stage.until("the lead is read again") { stage.marketo.fired(slow) == 1 }
                try stage.marketo.changeScore([leads[0]], by: 1)
                let changed = try await changing
                #expect(changed.ending == .exited(0) && changed.found == [:], "\(changed.said)")

                // D9 and the like need no job; this one's contact waits for its own.
                try await stage.forget(leads[1])
                try await stage.pool.run(
                    script: """
                        INSERT INTO jobs.job (tenant_id, kind, unique_key, payload, state, run_at)
                        SELECT id, 'upsert-contact', 'lead:\(leads[1])', '{"lead":\(leads[1])}', 'scheduled', now() + interval '2 hours'
                        FROM sync.tenants;
                        INSERT INTO jobs.job (tenant_id, kind, unique_key, payload, state, run_at)
                        SELECT id, 'refresh-lead', 'lead:\(leads[0])', '{"lead":\(leads[0])}', 'scheduled', now() + interval '10 minutes'
                        FROM sync.tenants
                        """)
                let waiting = try await stage.reconcile()
                #expect(waiting.ending == .exited(0) && waiting.found == [:], "\(waiting.said)")
                try await stage.pool.run(script: "DELETE FROM jobs.job WHERE state = 'scheduled'")
                let lost = try await stage.reconcile()
                #expect(lost.ending == .exited(1) && lost.found == ["missing": [leads[1]], "stale": [leads[0]]], "\(lost.said)")
            }
        }

        @Test(.timeLimit(.minutes(10)), arguments: CrashSeed.drawn())
        func `reconcile finds nothing after an hour of merges, deletions and changes that was synced`(seed: CrashSeed) async throws {
            try await Stage.set(.thin(leads: 400, seed: seed, milliseconds: 1...5)) { stage in
                try await stage.worker(1)
                try await stage.settle()
                var random = seed.random
                _ = try ManyChanges(in: stage.marketo, &random)
                #expect(try await stage.reconcile().ending == .exited(1))
                let sync = try await stage.kakehashi("sync", Stage.tenant, "--wait", "--timeout", "100")
                #expect(sync.ending == .exited(0), "\(sync.said)")
                let clean = try await stage.reconcile()
                #expect(clean.ending == .exited(0) && clean.found == [:], "\(clean.said)")
                #expect(clean.document["checked"] as? Int == stage.marketo.leads().count)
            }
        }

        @Test(.timeLimit(.minutes(10)))
        func `reconcile: a field that Marketo has no more says nothing about what contacts show`() async throws {
            try await Stage.set(SimulatorConfiguration(leads: 300)) { stage in
                try await stage.worker(1)
                try await stage.settle()
                #expect(try await stage.count("SELECT count(*) FROM crm.contacts WHERE acquisition_date IS NOT NULL") > 0)
                stage.marketo.hide(field: "mktoAcquisitionDate")
                let run = try await stage.reconcile()
                #expect(run.ending == .exited(0) && run.found == [:], "\(run.said)")
            }
        }

        @Test(.timeLimit(.minutes(10)), arguments: [true, false])
        func `reconcile: what a running job is about to write is no difference; what it leaves as it was, is one`(writes: Bool) async throws {
            try await Stage.set(SimulatorConfiguration(leads: 300)) { stage in
                let worker = try await stage.worker(1)
                try await stage.settle()
                let lead = try await stage.leadsOfTheirOwn()[0]
                worker.terminate()
                _ = await worker.ended(within: .seconds(30))
                try stage.marketo.changeScore([lead], by: 5)
                try await stage.pool.run(
                    script: """
                        INSERT INTO jobs.job (tenant_id, kind, unique_key, payload, state, lease_until, worker_id)
                        SELECT id, 'refresh-lead', 'lead:\(lead)', '{"lead":\(lead)}', 'running', now() + interval '1 hour', gen_random_uuid()
                        FROM sync.tenants
                        """)
                stage.marketo.resetEvidence()
                async let running = stage.reconcile()
                // Two probes, the block and the one above it: the first look is over, and the second waits for the job.
                let asksForJobs = "SELECT count(*) > 0 FROM pg_stat_activity WHERE query LIKE '%''upsert-contact'', ''fetch-lead-page''%'"
                try await stage.until("the command waits for the job", within: .seconds(20)) { try await stage.value(asksForJobs) == "true" }
                #expect(stage.marketo.leadReads == 4)
                try await stage.pool.run(
                    script: """
                        SELECT crm.write_as_sync();
                        UPDATE crm.contacts SET lead_score = coalesce(lead_score, 0) + \(writes ? 5 : 0) WHERE lead_id = \(lead);
                        DELETE FROM jobs.job WHERE kind = 'refresh-lead'
                        """)
                let run = try await running
                #expect(run.ending == .exited(writes ? 0 : 1), "\(run.said)")
                #expect(run.found == (writes ? [:] : ["stale": [lead]]), "\(run.said)")
                #expect(stage.marketo.leadReads == 5)
            }
        }

        @Test(.timeLimit(.minutes(10)))
        func `reconcile: 1 for an unknown tenant and one that is not repaired in time, 69 without Marketo, 75 when the quota stops it`() async throws
        {
            try await Stage.set(SimulatorConfiguration(leads: 900)) { stage in
                let worker = try await stage.worker(1)
                try await stage.settle()
                #expect(try await stage.kakehashi("reconcile", "nobody").ending == .exited(1))
                let usage = try await stage.kakehashi("reconcile", Stage.tenant, "--timeout", "5")
                #expect(usage.ending == .exited(64) && usage.said.contains("--timeout is for --repair"), "\(usage.said)")

                worker.terminate()
                _ = await worker.ended(within: .seconds(30))
                try stage.marketo.changeScore([try await stage.leadsOfTheirOwn()[0]], by: 5)
                let unrepaired = try await stage.kakehashi("reconcile", Stage.tenant, "--repair", "--timeout", "1")
                #expect(unrepaired.ending == .exited(1), "\(unrepaired.said)")

                let broken = stage.marketo.add(FaultRule(.reset, path: "/rest/*"))
                let away = try await stage.kakehashi("reconcile", Stage.tenant)
                #expect(away.ending == .exited(69), "\(away.said)")
                stage.marketo.removeFault(broken)

                stage.marketo.limits.callsPerDay = stage.marketo.evidence.counted + 4
                let spent = try await stage.kakehashi("reconcile", Stage.tenant, "--json")
                #expect(spent.ending == .exited(75) && !spent.said.contains("{"), "\(spent.said)")
                #expect(stage.marketo.evidence.callsByCode["607"] == 1)
                // Nobody asks again until the day turns.
                let again = try await stage.kakehashi("reconcile", Stage.tenant)
                #expect(again.ending == .exited(75), "\(again.said)")
                #expect(stage.marketo.evidence.callsByCode["607"] == 1)
            }
        }
    }
}

extension Simulator {
    /// How often leads were read.
    fileprivate var leadReads: Int { self.evidence.callsByPath.filter { $0.key.hasSuffix("/rest/v1/leads.json") }.map(\.value).reduce(0, +) }
}
