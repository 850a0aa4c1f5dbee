import Fleet
import Postgres
import Simulator
import StageKit
import Testing

extension CrashTests {
    /// Promise 9 on the way back: what Marketo has done, and a dead worker could not note any more.
    @Suite struct PushKill {
        private static let leads = 60

        @Test(.timeLimit(.minutes(10)))
        func `promises 1 and 9: kill -9 between Marketo's answer and our commit, at 50 points: no lead is doubled, no last value missing`()
            async throws
        {
            // Five stages side by side: what takes time is that a dead worker's lease runs out.
            try await withThrowingTaskGroup { group in
                for seed in CrashSeed.drawn(5) { group.addTask { try await Self.play(seed, kills: 10) } }
                try await group.waitForAll()
            }
        }

        private static func play(_ seed: CrashSeed, kills: Int) async throws {
            var random = seed.random
            try await Stage.set(.thin(leads: Self.leads, seed: seed, milliseconds: 5...25), settings: ["coalesce-seconds": "1"]) { stage in
                var workers = [try await stage.worker(1), try await stage.worker(2)]
                try await stage.settle()
                try await stage.pool.run(
                    script: """
                        INSERT INTO crm.phases (tenant_id, id, name) SELECT tenants.id, number, '段階' || number FROM sync.tenants, generate_series(1, 3) AS number;
                        INSERT INTO crm.deals (tenant_id, id, name, phase_id) SELECT tenants.id, 1, 'A', 1 FROM sync.tenants;
                        INSERT INTO crm.actions (tenant_id, id, deal_id, kind, status) SELECT tenants.id, 1, 1, '面談', '完了' FROM sync.tenants;
                        INSERT INTO crm.action_contacts (action_id, contact_id) SELECT 1, id FROM crm.contacts;
                        """)
                for round in 1...kills {
                    let before = Self.writes(stage)
                    // New contacts, among them two of one address, and a new phase and phone number for everybody.
                    try await stage.pool.run(
                        script: """
                            INSERT INTO crm.contacts (tenant_id, name, email)
                            SELECT tenants.id, '新規' || number, format('new.%s.%s@example.co.jp', \(round), number / 2) FROM sync.tenants, generate_series(1, 4) AS number;
                            INSERT INTO crm.action_contacts (action_id, contact_id)
                            SELECT 1, id FROM crm.contacts WHERE email LIKE 'new.\(round).%';
                            UPDATE crm.contacts SET phone = '0300-\(round)' WHERE id % 2 = \(round % 2);
                            UPDATE crm.deals SET phase_id = \(1 + round % 3) WHERE id = 1;
                            """)
                    let calls = random.below(3)
                    try await stage.until("Marketo has answered in round \(round)") {
                        if Self.writes(stage) > before + calls { return true }
                        return try await Self.isAtRest(stage)
                    }
                    // A point within the commit that follows, or shortly after: there is no condition to wait for.
                    try await Task.sleep(for: .microseconds(random.below(20_000)))
                    let chosen = random.below(workers.count)
                    workers[chosen].kill()
                    #expect(await workers[chosen].ended(within: .seconds(10)) == .signalled(9))
                    workers[chosen] = try await stage.family.restart(workers[chosen])
                    let killed = try #require(try await stage.value("SELECT clock_timestamp()"))
                    // A job that lost two workers, the second time alone with it, is rightly buried (promise 10); here nobody is to blame.
                    try await stage.until(
                        "NOT EXISTS (SELECT FROM jobs.job WHERE crashes > 0 OR state = 'running' AND claimed_at <= '\(killed)')")
                }
                try await stage.settle()
                #expect(workers.allRun)
                try await Self.expectTruth(stage, kills: kills)
            }
        }

        /// Calls that write leads, as Marketo counts them.
        private static func writes(_ stage: Stage) -> Int { stage.marketo.evidence.callsByPath["POST /rest/v1/leads.json"] ?? 0 }

        /// Nothing that writes leads is under way or due; what waits for a lost call's time to be over comes back later.
        private static func isAtRest(_ stage: Stage) async throws -> Bool {
            let soon = "state <> 'scheduled' OR run_at < now() + interval '2 seconds'"
            return try await stage.count("SELECT count(*) FROM jobs.job WHERE kind ~ '^(note|push|create)-' AND (\(soon))") == 0
        }

        private static func expectTruth(_ stage: Stage, kills: Int) async throws {
            let made = stage.marketo.leads().filter { $0.email?.hasPrefix("new.") == true }
            #expect(made.count == 3 * kills && Set(made.compactMap(\.email)).count == made.count, "one lead an address")
            let rows = try await stage.value(
                """
                SELECT string_agg(format('%s;%s;%s', lead_links.lead_id, phases.name, contacts.phone), ',')
                FROM sync.lead_links JOIN crm.contacts ON contacts.id = lead_links.contact_id, crm.deals JOIN crm.phases ON phases.id = deals.phase_id
                WHERE lead_links.state = 'active' AND NOT EXISTS (
                    SELECT FROM sync.lead_links AS other WHERE other.lead_id = lead_links.lead_id AND other.contact_id <> lead_links.contact_id
                )
                """)
            for row in (rows ?? "").split(separator: ",") {
                let parts = row.split(separator: ";", omittingEmptySubsequences: false).map(String.init)
                let lead = Int64(parts[0]).flatMap { stage.marketo.lead($0) }
                #expect(lead?.mazricaPhase == parts[1], "lead \(parts[0])")
                if parts[2].hasPrefix("0300-") { #expect(lead?.phone == parts[2], "lead \(parts[0])") }
            }
            #expect(try await stage.count("SELECT count(*) FROM ops.pushes WHERE state <> 'acked'") == 0)
            #expect(try await stage.count("SELECT count(*) FROM jobs.dead") == 0)
            #expect(try await stage.count("SELECT count(*) FROM crm.contacts WHERE lead_id IS NULL AND email LIKE 'new.%'") == 0)
            #expect(stage.marketo.evidence.leadsInTwoCalls == 0, "no lead is in two calls at once")
            stage.expectGoodManners()
        }
    }
}
