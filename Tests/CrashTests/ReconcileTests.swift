import Fleet
import Foundation
import Postgres
import Simulator
import StageKit
import Testing

extension CrashTests {
    /// `kakehashi reconcile` between real workers and a Marketo that goes on meanwhile.
    @Suite struct Reconcile {
        @Test(.timeLimit(.minutes(3)), arguments: CrashSeed.drawn())
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

        @Test(.timeLimit(.minutes(2)))
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

        @Test(.timeLimit(.minutes(3)), arguments: CrashSeed.drawn())
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

        @Test(.timeLimit(.minutes(2)))
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

        @Test(.timeLimit(.minutes(2)), arguments: [true, false])
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

        @Test(.timeLimit(.minutes(2)))
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

extension Stage {
    /// How a run of `reconcile` ended, and what it said.
    fileprivate struct Comparison {
        let ending: ChildEnding?
        let said: String
        /// The document that it printed.
        let document: [String: Any]

        /// The leads of each list that is not empty.
        var found: [String: [Int64]] {
            ["missing", "stale", "extra"].reduce(into: [:]) { lists, name in
                let leads = (self.document[name] as? [NSNumber] ?? [-1]).map(\.int64Value)
                if !leads.isEmpty { lists[name] = leads }
            }
        }
    }

    fileprivate func reconcile(_ arguments: String...) async throws -> Comparison {
        let run = try await self.run("kakehashi", ["reconcile", Self.tenant, "--json"] + arguments)
        let line = run.said.split(separator: "\n").first { $0.hasPrefix("{") }
        let document = try line.map { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:] } ?? [:]
        return Comparison(ending: run.ending, said: run.said, document: document)
    }

    /// All that anybody could have written, in one text.
    fileprivate func everything() async throws -> String {
        let tables = [
            "crm.contacts", "crm.accounts", "sync.tenants", "sync.lead_links", "sync.lead_mirror", "sync.quarantine", "sync.lost_leads", "sync.notes",
            "sync.audit", "sync.cursors", "sync.frontiers", "sync.lead_blocks", "sync.runs", "jobs.job", "jobs.history", "jobs.dead",
        ]
        var texts: [String] = []
        for table in tables {
            texts.append(
                try await self.value(
                    "SELECT md5(string_agg(line, E'\\n' ORDER BY line)) FROM (SELECT one::text AS line FROM \(table) AS one) AS lines") ?? "")
        }
        return texts.joined(separator: " ") + " \(self.marketo.leads().count)"
    }

    /// Leads that share their contact with nobody, the lowest first.
    fileprivate func leadsOfTheirOwn() async throws -> [Int64] {
        let text = try await self.value(
            """
            SELECT string_agg(lead_id::text, ',' ORDER BY lead_id) FROM (
                SELECT min(lead_id) AS lead_id FROM sync.lead_links GROUP BY contact_id HAVING count(*) = 1
            ) AS own
            """)
        return (text ?? "").split(separator: ",").compactMap { Int64($0) }
    }

    /// Loses the contact of a lead without a trace.
    fileprivate func forget(_ lead: Int64) async throws {
        try await self.pool.run(
            script: """
                CREATE TEMP TABLE lost AS SELECT contact_id FROM sync.lead_links WHERE lead_id = \(lead);
                DELETE FROM sync.lead_links WHERE lead_id = \(lead);
                DELETE FROM crm.contacts WHERE id IN (SELECT contact_id FROM lost);
                DROP TABLE lost
                """)
    }

    /// Makes some of each kind by hand; the leads of each list.
    fileprivate func makeDifferences() async throws -> [String: [Int64]] {
        let own = try await self.leadsOfTheirOwn()
        let listed = try #require(Int64(try await self.value("SELECT min(lead_id) FROM sync.quarantine") ?? ""))
        let beyond: Int64 = 1_000_000
        try await self.forget(own[0])
        try await self.pool.run(
            script: """
                DELETE FROM sync.quarantine WHERE lead_id = \(listed);
                SELECT crm.write_as_sync();
                UPDATE crm.contacts SET lead_score = coalesce(lead_score, 0) - 77 WHERE lead_id = \(own[1]);
                UPDATE crm.contacts SET acquisition_date = '1999-12-31Z' WHERE lead_id = \(own[2]);
                UPDATE sync.lead_links SET state = 'lead_deleted' WHERE lead_id = \(own[3]);
                INSERT INTO sync.quarantine (tenant_id, lead_id, reason, value, observed_at, snapshot)
                SELECT tenant_id, lead_id, 'email_invalid', 'x@@y', observed_at, snapshot FROM sync.lead_mirror WHERE lead_id = \(own[4]);
                DELETE FROM sync.lead_links WHERE lead_id = \(own[5]);
                INSERT INTO crm.contacts (tenant_id, name) SELECT id, '遠い人' FROM sync.tenants;
                INSERT INTO sync.lead_links (tenant_id, lead_id, contact_id, is_primary, rule, observed_at, snapshot)
                SELECT tenant_id, \(beyond), id, false, 'new', now(), 1 FROM crm.contacts WHERE name = '遠い人';
                UPDATE crm.contacts SET deleted_at = now() WHERE lead_id = \(own[7])
                """)
        self.marketo.delete([own[6]])
        // A change that no feed was asked for yet.
        try self.marketo.changeScore([own[8]], by: 3)
        return [
            "missing": [own[0], listed].sorted(), "stale": [own[1], own[2], own[3], own[4], own[8]].sorted(),
            "extra": [own[5], own[6], beyond].sorted(),
        ]
    }
}
