import Foundation
import Postgres
import Simulator
import Store
import TestKit
import Testing

/// `tenant add` and `tenant test` while the fleet's ledger holds calls back: the commands that a person needs just then.
@Suite struct HeldConnectionTests {
    private struct Stand {
        let database: TestDatabase
        let simulator: Simulator
        var environment: [String: String] {
            [
                "DATABASE_URL": self.database.url, "KAKEHASHI_MASTER_KEY": Data(repeating: 7, count: 32).base64EncodedString(),
                "KAKEHASHI_ALLOW_LOCAL_ENDPOINTS": "1",
            ]
        }

        func add(_ name: String = "acme", secret: String? = nil) async throws -> Program {
            try await Program.run(
                ["tenant", "add", name, "--endpoint", simulator.endpoint, "--client-id", simulator.clientID, "--client-secret-file", "-", "--json"],
                environment: self.environment, input: (secret ?? simulator.clientSecret) + "\n")
        }

        func test() async throws -> Program { try await Program.run(["tenant", "test", "acme", "--json"], environment: self.environment) }

        /// As workers leave it that met a secret which Marketo does not know.
        func refuseCredentials() async throws {
            try await self.database.pool.run(
                script: """
                    UPDATE sync.tenants SET auth_refused_at = now(), auth_probe_at = now() + interval '1 hour' WHERE name = 'acme';
                    SELECT jobs.shut_gate(id, 'marketo', now() + interval '1 hour', 'test') FROM sync.tenants
                    """)
        }

        var isHeld: Bool {
            get async throws { try await self.database.pool.first(Holds()) ?? 0 > 0 }
        }
    }

    private func stand(_ body: (Stand) async throws -> Void) async throws {
        try await withDatabase { database in
            try await withSimulator { simulator in
                let stand = Stand(database: database, simulator: simulator)
                #expect(try await stand.add().code == 0)
                try await body(stand)
            }
        }
    }

    @Test func `a new secret is stored in just the state in which it is needed, and opens the gate`() async throws {
        try await self.stand { stand in
            try await stand.refuseCredentials()
            stand.simulator.put(APIClient(id: stand.simulator.clientID, secret: "a-new-secret", user: "integration@example.com"))
            let added = try await stand.add(secret: "a-new-secret")
            #expect(added.code == 0 && added.output.contains(#""outcome":"changed""#), "\(added)")
            #expect(try await stand.isHeld == false)
        }
    }

    @Test func `credentials that Marketo takes again are proven by a test, and the tenant goes on`() async throws {
        try await self.stand { stand in
            try await stand.refuseCredentials()
            let tested = try await stand.test()
            #expect(tested.code == 0, "\(tested)")
            #expect(try await stand.isHeld == false)
            try await stand.refuseCredentials()
            let added = try await stand.add()
            #expect(added.code == 0 && added.output.contains(#""outcome":"unchanged""#), "\(added)")
            #expect(try await stand.isHeld == false)
        }
    }

    @Test func `another tenant of the subscription is not held up by these credentials, nor does its good answer clear them`() async throws {
        try await self.stand { stand in
            try await stand.refuseCredentials()
            #expect(try await stand.add("beta").code == 0)
            // The gate was opened, to be looked at anew; what is known of acme stays.
            #expect(try await stand.database.pool.first(Holds()) == 1)
        }
    }

    @Test(arguments: [
        ("spent_until = now() + interval '1 hour'", "quota", Int32(75), Int32(1)),
        ("used = daily_limit, quota_day = (now() AT TIME ZONE quota_zone)::date", "day", 75, 1),
        ("upstream_since = now(), upstream_probe_at = now() + interval '1 hour'", "upstream", 69, 69),
    ])
    func `what the ledger holds back is a line of the whole document; and nothing is stored, which is no promise to go on`(
        pause: String, code: String, test: Int32, add: Int32
    ) async throws {
        try await self.stand { stand in
            try await stand.database.pool.run(script: "UPDATE sync.call_budgets SET \(pause)")
            let tested = try await stand.test()
            #expect(tested.code == test, "\(tested)")
            #expect(tested.output.contains("\"ok\":false,\"code\":\"\(code)\"") && tested.output.contains("\"name\":\"quota\""))
            #expect(code != "quota" || tested.output.contains("of 50000 calls used today"), "\(tested)")
            let added = try await stand.add("beta")
            #expect(added.code == add && added.output == "" && added.errors.contains("nothing was stored"), "\(added)")
        }
    }

    @Test func `tenant add on a tenant that is there tests with its stored settings`() async throws {
        try await self.stand { stand in
            #expect(try await Program.run(["tenant", "set", "acme", "phase-field=our_phase"], environment: stand.environment).code == 0)
            let added = try await stand.add()
            #expect(added.code == 0 && added.output.contains("our_phase") && added.output.contains(#""outcome":"unchanged""#), "\(added)")
        }
    }
}

private struct Holds: PostgresStatement {
    static let sql = """
        SELECT (SELECT count(*) FROM sync.tenants WHERE name = 'acme' AND auth_refused_at IS NOT NULL)
            + (SELECT count(*) FROM jobs.gate WHERE gate.name = 'marketo')
        """
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Int { try row.decode(0) }
}
