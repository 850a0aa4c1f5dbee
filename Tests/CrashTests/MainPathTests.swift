import Fleet
import Foundation
import Postgres
import Simulator
import StageKit
import TestKit
import Testing

extension CrashTests {
    /// What a person types, from the first command to the last, with the real programs behind it.
    @Suite struct MainPath {
        @Test(.timeLimit(.minutes(10)))
        func `kakehashi demo: a load and live changes, both sides agree, 0`() async throws {
            try await withDatabase(migrated: false) { database in
                try await ChildFamily.lend(environment: Stage.environment(database.url), programs: Stage.programs) { family in
                    let child = try await family.start("kakehashi", as: "demo", ["demo", "--leads", "600"])
                    #expect(await child.ended(within: .seconds(150)) == .exited(0), "\(child.log.text)")
                    let lines = child.log.text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
                    for line in ["Leads seen", "Contacts", "Accounts", "Calls used"] { #expect(lines.contains { $0.hasPrefix(line) }, "\(line)") }
                    for kind in ["Missing", "Doubled", "Stale", "Altered", "Refused by a limit"] {
                        #expect(lines.contains { $0.hasPrefix(kind) && $0.hasSuffix(" 0") }, "\(kind)\n\(child.log.text)")
                    }
                    #expect(lines.last == "Both sides agree, record by record.")
                }
            }
        }

        @Test(.timeLimit(.minutes(10)))
        func `kakehashi demo refuses a database that has tenants of its own, 64, and starts nothing`() async throws {
            try await Stage.set(SimulatorConfiguration()) { stage in
                let demo = try await stage.kakehashi("demo", "--leads", "10")
                #expect(demo.ending == .exited(64))
                #expect(demo.said.hasPrefix("kakehashi: ") && demo.said.contains("tenants of its own"), "\(demo.said)")
                #expect(try await stage.count("SELECT count(*) FROM sync.tenants") == 1)
                #expect(try await stage.count("SELECT count(*) FROM jobs.worker") == 0)
            }
        }

        @Test(.timeLimit(.minutes(10)), arguments: CrashSeed.drawn())
        func `sync --full --dry-run tells what the load then does, without workers, and writes nothing`(seed: CrashSeed) async throws {
            try await Stage.set(.thin(leads: 600, seed: seed, milliseconds: 1...5)) { stage in
                let written = """
                    (SELECT count(*) FROM crm.contacts) + (SELECT count(*) FROM crm.accounts) + (SELECT count(*) FROM sync.lead_links)
                        + (SELECT count(*) FROM sync.lead_mirror) + (SELECT count(*) FROM sync.quarantine) + (SELECT count(*) FROM jobs.history)
                    """
                let forecast = try await stage.kakehashi("sync", Stage.tenant, "--full", "--dry-run", "--json")
                #expect(forecast.ending == .exited(0), "\(forecast.said)")
                #expect(try await stage.count(written) == 0)

                try await stage.worker(1)
                try await stage.settle()
                let contacts = try await stage.count("SELECT count(*) FROM crm.contacts")
                let links = try await stage.count("SELECT count(*) FROM sync.lead_links")
                let quarantined = try await stage.count("SELECT count(*) FROM sync.quarantine")
                #expect(contacts > 0 && links > contacts && quarantined > 0)
                let document = "{\"create\":\(contacts),\"link\":\(links - contacts),\"quarantine\":\(quarantined)}"
                #expect(forecast.said.split(separator: "\n").last.map(String.init) == document)

                let again = try await stage.kakehashi("sync", Stage.tenant, "--full", "--dry-run", "--json")
                #expect(again.said.split(separator: "\n").last.map(String.init) == "{\"create\":0,\"link\":0,\"quarantine\":\(quarantined)}")
                stage.expectGoodManners()
            }
        }

        @Test(.timeLimit(.minutes(10)), arguments: CrashSeed.drawn())
        func `sync --wait: 0 when settled, 1 when a job died meanwhile, 75 when the quota holds it`(seed: CrashSeed) async throws {
            try await Stage.set(.thin(leads: 300, seed: seed, milliseconds: 1...5), settings: ["concurrent-calls": "1"]) { stage in
                try await stage.worker(1)
                let first = try await stage.kakehashi("sync", Stage.tenant, "--full", "--wait", "--timeout", "100")
                #expect(first.ending == .exited(0) && first.said.contains("acme is settled."), "\(first.said)")
                try await stage.expectTruth()

                // A job that can't be done by anybody: its payload is none.
                try await stage.pool.run(script: "SELECT jobs.enqueue('refresh-lead', '{\"lead\":\"none\"}', 'acme', now() + interval '2 seconds')")
                let second = try await stage.kakehashi("sync", Stage.tenant, "--wait", "--timeout", "100")
                #expect(second.ending == .exited(1) && second.said.contains("died; see ops.stuck_jobs"), "\(second.said)")

                stage.marketo.limits.callsPerDay = stage.marketo.evidence.counted
                let third = try await stage.kakehashi("sync", Stage.tenant, "--wait", "--timeout", "100")
                #expect(third.ending == .exited(75) && third.said.contains("goes on by itself"), "\(third.said)")
            }
        }

        @Test(.timeLimit(.minutes(10)))
        func `sync --wait ends with 1 where nothing moves without a person, naming what to do`() async throws {
            try await Stage.set(SimulatorConfiguration()) { stage in
                #expect(try await stage.kakehashi("tenant", "pause", Stage.tenant).ending == .exited(0))
                let run = try await stage.kakehashi("sync", Stage.tenant, "--wait")
                #expect(run.ending == .exited(1) && run.said.contains("kakehashi tenant resume acme"), "\(run.said)")
            }
        }

        @Test(.timeLimit(.minutes(10)))
        func `bench sync prints a JSON line with the members that others rely on`() async throws {
            try await withDatabase(migrated: false) { database in
                try await ChildFamily.lend(environment: Stage.environment(database.url), programs: Stage.programs) { family in
                    let child = try await family.start("bench", as: "bench", ["sync", "--leads", "600", "--limits", "off", "--processes", "1"])
                    #expect(await child.ended(within: .seconds(150)) == .exited(0), "\(child.log.text)")
                    let measures = try child.log.text.split(separator: "\n").filter { $0.hasPrefix("{") }.map { line in
                        try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
                    }
                    let sync = try #require(measures.first { $0["measure"] as? String == "sync" })
                    #expect(Set(sync.keys).isSuperset(of: ["measure", "leads", "seconds", "per_second", "postgres_version", "swift_version"]))
                    #expect(sync["leads"] as? Int == 600)
                    // A worker's memory does not grow with the leads, so a small load tells.
                    let peak = try #require(measures.first { $0["measure"] as? String == "sync-worker" }?["peak_memory_bytes"] as? Int)
                    #expect((1..<200_000_000).contains(peak))
                }
            }
        }

        @Test(.timeLimit(.minutes(10)), arguments: CrashSeed.drawn())
        func `a worker with another master key says so once, holds the tenant's calls and leaves a note; with the right key all goes on`(
            seed: CrashSeed
        ) async throws {
            try await Stage.set(.thin(leads: 300, seed: seed, milliseconds: 1...5)) { stage in
                let asked = stage.marketo.evidence.counted
                let wrong = Data(repeating: 8, count: 32).base64EncodedString()
                let stranger = try await stage.family.start("worker", as: "stranger", environment: ["KAKEHASHI_MASTER_KEY": wrong])
                try await stage.until("EXISTS (SELECT FROM ops.notes WHERE tenant = 'acme' AND kind = 'tenant_unusable')")
                let minuteGoesBy = """
                    UPDATE jobs.gate SET shut_until = now();
                    UPDATE jobs.job SET run_at = now() WHERE run_at < now() + interval '2 minutes';
                    """
                // Asked again: it is not said twice.
                for _ in 1...2 {
                    try await stage.pool.run(script: minuteGoesBy)
                    try await stage.until("EXISTS (SELECT FROM jobs.gate WHERE name = 'marketo' AND shut_until > now() + interval '30 seconds')")
                }
                #expect(stage.marketo.evidence.counted == asked)
                let said = stranger.log.text
                #expect(said.split(separator: "\n").filter { $0.contains("can't be used by this worker") }.count == 1, "\(said)")
                stranger.terminate()
                #expect(await stranger.ended(within: .seconds(25)) == .exited(0))
                try await stage.pool.run(script: minuteGoesBy)
                try await stage.worker(1)
                try await stage.settle()
                try await stage.expectTruth()
            }
        }
    }
}
