import Fleet
import Postgres
import Simulator
import StageKit
import TestKit
import Testing

extension CrashTests {
    /// Two of each: they share the work, and nothing is done twice.
    @Suite struct Together {
        @Test(.timeLimit(.minutes(10)), arguments: CrashSeed.drawn())
        func `promise 9: two workers and two schedulers do nothing twice`(seed: CrashSeed) async throws {
            try await Stage.set(.thin(leads: 3_000, seed: seed)) { stage in
                let workers = [try await stage.worker(1, lease: 30), try await stage.worker(2, lease: 30)]
                try await stage.untilRegistered(1)
                // As if a scheduler had last been there an hour and a half ago: one missed tick is to be rung, by one of the two.
                let schedule = "sweep:" + (try await stage.value("SELECT id FROM sync.tenants") ?? "")
                try await stage.pool.run(
                    script: "INSERT INTO jobs.tick (schedule, tick, ran) VALUES ('\(schedule)', now() - interval '90 minutes', false)")
                let schedulers = [try await stage.scheduler(1), try await stage.scheduler(2)]
                try await stage.until("EXISTS (SELECT FROM sync.runs WHERE kind = 'sweep')")
                try await stage.settle()

                #expect((workers + schedulers).allRun)
                #expect(try await stage.count("SELECT count(*) FROM jobs.tick WHERE ran") <= 2, "one tick, and a second if the minute came just now")
                #expect(
                    try await stage.value(
                        "(SELECT count(*) FROM jobs.tick WHERE ran) = (SELECT count(*) FROM jobs.history WHERE kind = 'start-sweep')")
                        == "true")
                try await self.expectNothingTwice(stage)
                #expect(try await stage.count("SELECT count(DISTINCT worker_id) FROM jobs.history WHERE state = 'done'") == 2)
                try await stage.expectTruth()
                stage.expectGoodManners()
            }
        }

        private func expectNothingTwice(_ stage: Stage) async throws {
            // Each job ended once, each block was read once, each contact and account was made once, and nobody lost a lease.
            for (what, sql) in [
                ("job", "SELECT id FROM jobs.history GROUP BY id HAVING count(*) > 1"),
                ("block", "SELECT 1 FROM jobs.history WHERE kind = 'fetch-lead-page' GROUP BY payload HAVING count(*) > 1"),
                ("contact", "SELECT 1 FROM sync.audit WHERE what = 'contact_created' GROUP BY lead_id HAVING count(*) > 1"),
                (
                    "account",
                    "SELECT 1 WHERE (SELECT count(*) FROM sync.audit WHERE what = 'account_created') <> (SELECT count(*) FROM sync.account_keys)"
                ),
                ("crash", "SELECT 1 FROM jobs.history WHERE crashes > 0"),
            ] {
                #expect(try await stage.count("SELECT count(*) FROM (\(sql)) AS twice") == 0, "\(what)")
            }
            #expect(
                try await stage.value("(SELECT count(*) FROM sync.audit WHERE what = 'contact_created') = (SELECT count(*) FROM crm.contacts)")
                    == "true")
            #expect(
                try await stage.value("(SELECT count(*) FROM sync.audit WHERE what = 'account_created') = (SELECT count(*) FROM crm.accounts)")
                    == "true")
            // Each lead became a contact with the page that brought it; none needed a second try of its own.
            #expect(try await stage.count("SELECT count(*) FROM jobs.history WHERE kind = 'upsert-contact'") == 0)
            #expect(
                try await stage.count(
                    "SELECT count(DISTINCT lead_id) FROM (SELECT lead_id FROM sync.lead_links UNION ALL SELECT lead_id FROM sync.quarantine) AS l")
                    == 3_000)
        }

        @Test(.timeLimit(.minutes(10)))
        func `promise 9: a scheduler that is killed while it leads is followed by the other, which rings what was missed, once`() async throws {
            try await Stage.set(SimulatorConfiguration()) { stage in
                let first = try await stage.scheduler(1)
                try await stage.until("EXISTS (SELECT FROM jobs.leader WHERE name = 'timetable')")
                let leader = try await stage.value("SELECT holder FROM jobs.leader WHERE name = 'timetable'")
                try await stage.until("EXISTS (SELECT FROM jobs.tick)")
                first.kill()
                #expect(await first.ended(within: .seconds(10)) == .signalled(9))
                // An hour and a half goes by without anybody; what is left of the lead does too.
                try await stage.pool.run(
                    script:
                        "UPDATE jobs.tick SET tick = tick - interval '90 minutes'; UPDATE jobs.leader SET expires_at = now() - interval '1 second'")
                try await stage.scheduler(2)
                try await stage.until("EXISTS (SELECT FROM jobs.tick WHERE ran)")
                #expect(try await stage.value("SELECT holder FROM jobs.leader WHERE name = 'timetable'") != leader)
                #expect(try await stage.count("SELECT count(*) FROM jobs.job WHERE kind = 'start-sweep'") == 1)
            }
        }
    }
}
