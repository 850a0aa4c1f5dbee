import Fleet
import Foundation
import Postgres
import Runtime
import StageKit
import TestKit
import Testing

extension CrashTests {
    /// The benchmarks say what they are to say (CONTRACT 7); how fast is no matter here.
    @Suite struct Benchmarks {
        private static let scripts = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Benchmarks").path

        private static func members(_ said: String) throws -> [String: Any] {
            let line = try #require(said.split(separator: "\n").first { $0.hasPrefix("{") })
            return try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }

        @Test(
            .timeLimit(.minutes(10)),
            arguments: [
                ["enqueue", "--jobs", "2000", "--mode", "bulk"], ["enqueue", "--jobs", "50", "--mode", "single", "--keyless"],
                ["drain", "--jobs", "1000", "--processes", "2", "--kind-mode", "single", "--backlog", "2000", "--tenants", "10", "--keyed"],
                [
                    "drain", "--jobs", "1000", "--processes", "1", "--kind-mode", "batch", "--history", "1000", "--parked", "1000",
                    "--held-transaction",
                ],
            ])
        func `CONTRACT 7: a benchmark with a reference says its rate, the reference's, and the ratio`(arguments: [String]) async throws {
            let (ending, said) = try await Self.run(arguments + ["--rounds", "1", "--scripts", Self.scripts])
            #expect(ending == .exited(0), "\(said.suffix(2_000))")
            let members = try Self.members(said)
            #expect(members["measure"] as? String == arguments[0])
            #expect("\(members["jobs"] ?? "")" == arguments[2])
            let (rate, reference) = (try #require(members["per_second"] as? Double), try #require(members["reference_per_second"] as? Double))
            #expect(rate > 0 && reference > 0 && abs((members["ratio"] as? Double ?? -1) - rate / reference) < 0.01)
            for name in ["seconds", "client_us_per_job", "wal_bytes_per_job", "commits_per_1000_jobs"] { #expect(members[name] is Double, "\(name)") }
            for name in ["postgres_version", "swift_version"] { #expect(members[name] is String, "\(name)") }
        }

        @Test(.timeLimit(.minutes(10))) func `CONTRACT 7: latency says the waits`() async throws {
            let (ending, said) = try await Self.run(["latency", "--jobs", "10", "--interval-ms", "20"])
            #expect(ending == .exited(0), "\(said.suffix(2_000))")
            let members = try Self.members(said)
            let (p50, p99) = (try #require(members["p50_ms"] as? Double), try #require(members["p99_ms"] as? Double))
            #expect(members["jobs"] as? Int == 10 && p50 > 0 && p99 >= p50)
        }

        @Test(
            .timeLimit(.minutes(10)),
            arguments: [
                ("jobs of kind refresh-lead", "INSERT INTO jobs.job (kind, payload) VALUES ('refresh-lead', '{}')"),
                (
                    "the tenant acme",
                    """
                    INSERT INTO sync.subscriptions (vendor, account) VALUES ('marketo', 'acme');
                    INSERT INTO jobs.tenant (name) VALUES ('acme');
                    INSERT INTO sync.tenants (id, name, subscription_id, endpoint, client_id, secret, secret_key_id, settings)
                    SELECT tenant.id, 'acme', subscriptions.id, 'https://x.mktorest.com', 'c', '', '', '{}'
                    FROM jobs.tenant, sync.subscriptions WHERE tenant.name = 'acme';
                    INSERT INTO jobs.gate (tenant_id, name, shut_until, reason) SELECT id, 'tenant', 'infinity', 'paused' FROM sync.tenants
                    """
                ),
            ])
        func `a database with somebody's work in it is refused, and it stays`(what: String, script: String) async throws {
            try await withDatabase { database in
                try await database.pool.run(script: script)
                let (ending, said) = try await Self.run(["drain", "--jobs", "100", "--scripts", Self.scripts], on: database)
                #expect(ending == .exited(64) && said.contains(what), "\(said)")
                try await database.pool.run(script: "SELECT 1 / ((SELECT count(*) FROM jobs.job) + (SELECT count(*) FROM jobs.gate))")
            }
        }

        @Test(.timeLimit(.minutes(10))) func `told to stop, a benchmark stops what it started and leaves no files`() async throws {
            try await withDatabase { database in
                let place = FileManager.default.temporaryDirectory.appending(path: "bench-\(UUID().uuidString)")
                try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
                defer { try? FileManager.default.removeItem(at: place) }
                let environment = Environment.current.with([
                    VariableName.database: database.url, VariableName.logFormat: "text", "TMPDIR": place.path,
                ])
                try await ChildFamily.lend(environment: environment, programs: Stage.programs) { family in
                    let child = try await family.start("bench", as: "bench", ["soak", "--minutes", "5", "--per-second", "100"])
                    let drains = "SELECT 1 / count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE '%drainer'"
                    while (try? await database.pool.run(script: drains)) == nil, child.isRunning { await Task.yield() }
                    let ending = await child.stop(grace: .seconds(20))
                    #expect(ending == .exited(1) && child.log.text.contains("Stopped on request"), "\(ending) \(child.log.text)")
                    #expect(try FileManager.default.contentsOfDirectory(atPath: place.path).isEmpty)
                }
            }
        }

        private static func run(_ arguments: [String], on database: TestDatabase? = nil) async throws -> (ending: ChildEnding?, said: String) {
            guard let database else { return try await withDatabase { try await Self.run(arguments, on: $0) } }
            let environment = Environment.current.with([VariableName.database: database.url, VariableName.logFormat: "text"])
            return try await ChildFamily.lend(environment: environment, programs: Stage.programs) { family in
                let child = try await family.start("bench", as: "bench", arguments)
                return (await child.ended(within: .seconds(150)), child.log.text)
            }
        }
    }
}
