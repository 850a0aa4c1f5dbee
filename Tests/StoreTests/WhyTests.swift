import Foundation
import Postgres
import Testing

@testable import Store

/// `ops.why`: the one true reason why a job is not running, and the call that mends it, executed as it stands.
@Suite struct WhyTests {
    /// A tenant with one waiting job of a kind that a live worker knows; its number.
    private static func stand(_ body: (StoreDatabase, Int) async throws -> Void) async throws {
        try await withStore { store in
            try await store.run(
                """
                INSERT INTO sync.subscriptions (vendor, account) VALUES ('marketo', '123-abc-456');
                INSERT INTO sync.tenants (id, name, subscription_id, endpoint, client_id, secret, secret_key_id, settings)
                SELECT id, name, 1, 'https://123-abc-456.mktorest.com', 'c', '', '', '{}' FROM jobs.tenant WHERE name = 'acme';
                INSERT INTO jobs.kind (kind, gate) VALUES ('refresh-lead', 'marketo');
                INSERT INTO jobs.worker (id, host, pid, version) VALUES (gen_random_uuid(), 'a', 1, 'x');
                SELECT jobs.enqueue('refresh-lead', '{}', 'acme', unique_key => 'lead:1');
                """)
            try await body(store, try await store.number("SELECT id FROM jobs.job"))
        }
    }

    private static func reason(_ store: StoreDatabase, _ job: Int) async throws -> String {
        try await store.text("SELECT reason FROM ops.why(\(job))") ?? "–"
    }

    /// Executes the suggestion as text.
    private static func follow(_ store: StoreDatabase, _ job: Int) async throws {
        let call = try #require(try await store.text("SELECT suggestion FROM ops.why(\(job))"))
        #expect(call.hasPrefix("SELECT "), "\(call)")
        try await store.run(call)
    }

    @Test func `a job that is next, one behind others, and one that no worker takes`() async throws {
        try await Self.stand { store, job in
            #expect(try await Self.reason(store, job) == "it is next of its kind; all places are taken")
            try await store.run(
                "SELECT jobs.enqueue('refresh-lead', '{}', 'acme', now() - interval '1 minute', 'lead:' || n) FROM generate_series(2, 4) AS n")
            #expect(try await Self.reason(store, job) == "3 of its kind are before it")
            try await store.run("UPDATE jobs.job SET version = 2 WHERE id = \(job)")
            #expect(try await Self.reason(store, job).hasPrefix("no process knows the kind refresh-lead in the version 2"))
            try await store.run("UPDATE jobs.worker SET seen_at = now() - interval '1 hour'")
            #expect(try await Self.reason(store, job) == "no process takes jobs")
        }
    }

    @Test func `held by an operator, due later, dead: the suggested call, executed as text, mends it`() async throws {
        try await Self.stand { store, job in
            for held in ["ops.pause('acme')", "ops.pause('acme', 'refresh-lead')"] {
                try await store.run("SELECT \(held)")
                #expect(try await Self.reason(store, job).contains("held: paused by an operator"))
                try await Self.follow(store, job)
                #expect(try await Self.reason(store, job).hasPrefix("it is next"))
            }
            try await store.run("UPDATE jobs.job SET state = 'scheduled', run_at = now() + interval '1 hour', note = 'Marketo is slow.'")
            #expect(try await Self.reason(store, job) == "it is due later: Marketo is slow.")
            try await Self.follow(store, job)
            #expect(try await Self.reason(store, job).hasPrefix("it is next"))
            try await store.run("SELECT ops.bury_job(\(job), 'for a test')")
            #expect(try await Self.reason(store, job) == "dead: for a test")
            try await Self.follow(store, job)
            #expect(try await Self.reason(store, job).hasPrefix("it is next"))
            try await store.run("SELECT ops.cancel_job(\(job))")
            #expect(try await Self.reason(store, job).hasPrefix("it has ended as cancelled"))
        }
    }

    @Test func `a shut gate, a held key, a worker that is gone, a suspect`() async throws {
        try await Self.stand { store, job in
            try await store.run(
                "INSERT INTO jobs.gate (tenant_id, name, shut_until, reason) VALUES (\(store.acme), 'marketo', now() + interval '1 hour', 'spent')")
            #expect(try await Self.reason(store, job) == "its gate \"marketo\" is shut for a while: spent")
            try await store.run("DELETE FROM jobs.gate")
            try await store.run(
                """
                INSERT INTO jobs.job (tenant_id, kind, unique_key, payload, state, lease_until, worker_id)
                VALUES (\(store.acme), 'refresh-lead', 'lead:1', '{}', 'running', now() - interval '1 minute', gen_random_uuid())
                """)
            let other = try await store.number("SELECT max(id) FROM jobs.job")
            #expect(try await Self.reason(store, job) == "job \(other) with the same key runs just now; this one follows")
            #expect(try await Self.reason(store, other) == "its worker is gone; another takes it over")
            try await store.run("DELETE FROM jobs.job WHERE id = \(other); UPDATE jobs.job SET state = 'suspect', crashes = 1")
            #expect(try await Self.reason(store, job).contains("waits to run alone"))
            let error = await #expect(throws: PostgresError.self) { try await store.text("SELECT reason FROM ops.why(99999)") }
            #expect(error?.detail.contains("There is no job 99999.") == true)
        }
    }

    @Test(arguments: ["acme", "a c m e", "it's", "$(rm -rf ~); `x`", "a\\b\"c", "", "株式会社"])
    func `a text in a line for the shell stays one word, and is that word to the shell`(text: String) async throws {
        try await withStore { store in
            let word = try #require(try await store.text("SELECT ops.shell_word($word$\(text)$word$)"))
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments = ["-c", "printf '%s|' \(word)"]
            let pipe = Pipe()
            process.standardOutput = pipe
            try process.run()
            let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            #expect(said == "\(text)|")
        }
    }
}
