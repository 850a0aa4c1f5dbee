import Foundation
import Postgres
import Store
import TestKit
import Testing

/// `kakehashi jobs`, against a real database without workers.
@Suite(.timeLimit(.minutes(10))) struct JobsCommandTests {
    /// A database in which the tenant `acme` has a waiting job and a dead one, and what runs a command on it.
    private static func stand(_ body: (_ run: ([String]) async throws -> Program, _ waiting: String, _ dead: String) async throws -> Void)
        async throws
    {
        try await withDatabase { database in
            try await database.pool.run(
                script: """
                    INSERT INTO sync.subscriptions (vendor, account) VALUES ('marketo', '123-abc-456');
                    INSERT INTO jobs.tenant (name) VALUES ('acme');
                    INSERT INTO sync.tenants (id, name, subscription_id, endpoint, client_id, secret, secret_key_id, settings)
                    SELECT id, name, 1, 'https://123-abc-456.mktorest.com', 'c', '', '', '{}' FROM jobs.tenant WHERE name = 'acme';
                    SELECT jobs.enqueue('push-phase', '{"contact": 1}', 'acme'), jobs.enqueue('create-lead', '{"contact": 2}', 'acme');
                    SELECT ops.bury_job(id, 'for a test') FROM ops.jobs WHERE kind = 'create-lead';
                    """)
            func run(_ arguments: [String]) async throws -> Program {
                try await Program.run(["jobs"] + arguments, environment: ["DATABASE_URL": database.url])
            }
            let all = try Self.document(try await run(["list", "--json"]))["jobs"] as? [[String: Any]] ?? []
            let ids = all.map { "\($0["id"] as? Int ?? 0)" }
            #expect(all.map { $0["state"] as? String } == ["ready", "dead"])
            try await body(run, ids.first ?? "", ids.last ?? "")
        }
    }

    private static func document(_ run: Program) throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any] ?? [:]
    }

    @Test func `list shows what has not ended well, by tenant, kind and state; show tells all of one`() async throws {
        try await Self.stand { run, waiting, dead in
            let table = try await run(["list"])
            #expect(table.code == 0 && table.output.contains("create-lead") && table.output.contains("for a test"), "\(table.output)")
            let filtered = try await run(["list", "--state", "dead", "--kind", "create-lead", "--tenant", "acme"])
            #expect(filtered.output.split(separator: "\n").count == 2, "\(filtered.output)")
            #expect(try await run(["list", "--state", "done"]).output == "There is no such job.\n")
            let shown = try await run(["show", waiting])
            #expect(shown.output.contains("push-phase") && shown.output.contains("{\"contact\": 1}"), "\(shown.output)")
            #expect(shown.output.contains("no process takes jobs") && shown.output.contains("worker # start one"), "\(shown.output)")
            #expect(try Self.document(try await run(["show", dead, "--json"]))["reason"] as? String == "for a test")
        }
    }

    @Test func `retry, cancel and bury say what they did, job by job; all dead ones go at once`() async throws {
        try await Self.stand { run, waiting, dead in
            #expect(try await run(["bury", waiting, "--reason", "not now"]).output == "job \(waiting) is buried\n")
            let all = try await run(["retry", "--all-dead", "--kind", "push-phase"])
            #expect(all.output == "1 dead job is due now\n", "\(all.output)\(all.errors)")
            let two = try await run(["retry", dead, "999"])
            #expect(two.code == 1 && two.output == "job \(dead) is due now\n", "\(two.output)")
            #expect(two.errors == "kakehashi: There is no job 999.\n", "\(two.errors)")
            let cancelled = try await run(["cancel", waiting, "--json"])
            #expect((try Self.document(cancelled)["done"] as? [[String: Any]])?.first?["id"] as? Int == Int(waiting))
            let gone = try await run(["cancel", waiting])
            #expect(gone.code == 1 && gone.errors.contains("has ended"), "\(gone.errors)")
            #expect(try await run(["list", "--state", "cancelled"]).output.contains("push-phase"))
        }
    }

    @Test func `a wrong call ends with 64 or 1 and one sentence`() async throws {
        try await Self.stand { run, _, _ in
            for (arguments, code, words) in [
                (["retry"], 64 as Int32, "--all-dead"), (["list", "--state", "broken"], 64, "cancelled"),
                (["show", "12345"], 1, "There is no job 12345"),
                (["list", "--tenant", "nobody"], 1, "nobody"), (["retry", "1", "--kind", "x"], 64, "--all-dead"),
                (["retry", "--all-dead", "--kind", "nonsense"], 1, "nonsense"),
            ] {
                let refused = try await run(arguments)
                #expect(refused.code == code && refused.errors.contains(words) && refused.output == "", "\(arguments): \(refused.errors)")
                #expect(refused.errors.split(separator: "\n").count == 1)
            }
        }
    }
}
