import Foundation
import Postgres
import Simulator
import Store
import TestKit
import Testing

/// The real program against a real database and Marketo's stand-in.
@Suite(.timeLimit(.minutes(10))) struct CommandLineTests {
    private static let key = Data(repeating: 7, count: 32).base64EncodedString()

    private func environment(_ database: TestDatabase, _ more: [String: String] = [:]) -> [String: String] {
        ["DATABASE_URL": database.url, "KAKEHASHI_MASTER_KEY": Self.key, "KAKEHASHI_ALLOW_LOCAL_ENDPOINTS": "1"].merging(more) { _, new in new }
    }

    private func add(
        _ name: String, _ simulator: Simulator, _ database: TestDatabase, secret: String? = nil, endpoint: String? = nil, _ more: [String] = []
    ) async throws -> Program {
        try await Program.run(
            ["tenant", "add", name, "--endpoint", endpoint ?? simulator.endpoint, "--client-id", simulator.clientID, "--client-secret-file", "-"]
                + more,
            environment: self.environment(database), input: (secret ?? simulator.clientSecret) + "\n")
    }

    /// One sentence on standard error, nothing on standard output, the exit code.
    private func expectRefusal(_ run: Program, _ code: Int32, _ words: String, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(run.code == code, sourceLocation: sourceLocation)
        #expect(run.output == "", sourceLocation: sourceLocation)
        #expect(run.errors.hasPrefix("kakehashi: ") && run.errors.contains(words), "\(run.errors)", sourceLocation: sourceLocation)
        #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)", sourceLocation: sourceLocation)
    }

    @Test func `help is no mistake, and a wrong call ends with 64 and one sentence`() async throws {
        for arguments in [[], ["--help"], ["help", "tenant"], ["tenant", "add", "--help"]] {
            let run = try await Program.run(arguments)
            #expect(run.code == 0 && run.errors == "" && !run.output.isEmpty, "\(arguments)")
        }
        self.expectRefusal(try await Program.run(["bogus"]), 64, "bogus")
        self.expectRefusal(try await Program.run(["status", "--bogus"]), 64, "--bogus")
        self.expectRefusal(try await Program.run(["tenant", "pause"]), 64, "name")
        self.expectRefusal(try await Program.run(["status"]), 64, "DATABASE_URL is not set")
        self.expectRefusal(try await Program.run(["status"], environment: ["DATABASE_URL": "hunter2"]), 64, "DATABASE_URL can't be used")
    }

    @Test func `an unreachable database ends with 69, and no password is printed`() async throws {
        let run = try await Program.run(["status"], environment: ["DATABASE_URL": "postgresql://k:hunter2@127.0.0.1:1/x"])
        self.expectRefusal(run, 69, "can't be reached")
        #expect(!run.errors.contains("hunter2"))
    }

    @Test func `an older schema is refused by name of the command that mends it, and migrate mends it`() async throws {
        try await withDatabase(migrated: false) { database in
            let environment = self.environment(database)
            self.expectRefusal(try await Program.run(["status"], environment: environment), 1, "kakehashi migrate")
            let planned = try await Program.run(["migrate", "--dry-run", "--json"], environment: environment)
            let applied = try await Program.run(["migrate", "--json"], environment: environment)
            #expect(planned.code == 0 && applied.code == 0)
            #expect(planned.output.replacing("pending", with: "applied") == applied.output)
            let again = try await Program.run(["migrate"], environment: environment)
            #expect(again.code == 0 && again.output == "The schema is up to date.\n")
            let status = try await Program.run(["status", "--json"], environment: environment)
            #expect(status.output == "{\"tenants\":[],\"workers\":[]}\n")
        }
    }

    @Test func `R9: tenant add starts exactly one full load with at most four counted calls; the same again, with a new secret too, starts none`()
        async throws
    {
        try await withDatabase { database in
            try await withSimulator { simulator in
                let first = try await self.add("acme", simulator, database, ["--sweep-minute", "17", "--json"])
                #expect(first.code == 0, "\(first.errors)")
                #expect(first.output.contains("\"outcome\":\"created\",\"started_full_load\":true"))
                #expect(simulator.evidence.counted <= 4)
                let second = try await self.add("acme", simulator, database, ["--json"])
                #expect(second.code == 0 && second.output.contains("\"outcome\":\"unchanged\",\"started_full_load\":false"), "\(second)")
                simulator.put(APIClient(id: simulator.clientID, secret: "a-new-secret", user: "integration@example.com"))
                let third = try await self.add("acme", simulator, database, secret: "a-new-secret", ["--json"])
                #expect(third.code == 0 && third.output.contains("\"outcome\":\"changed\",\"started_full_load\":false"), "\(third)")
                #expect(try await database.pool.first(WaitingLoads()) == 1)
            }
        }
    }

    @Test func `a connection that does not work stores nothing: 64 for a refused endpoint, 69 for a silent one, 1 for a wrong secret`() async throws {
        try await withDatabase { database in
            try await withSimulator { simulator in
                self.expectRefusal(try await self.add("a", simulator, database, endpoint: "https://evil.example.com"), 64, "mktorest.com")
                self.expectRefusal(try await self.add("a", simulator, database, endpoint: "http://127.0.0.1:1"), 69, "nothing was stored")
                self.expectRefusal(try await self.add("a", simulator, database, secret: "wrong"), 1, "nothing was stored")
                self.expectRefusal(try await self.add("a", simulator, database, secret: ""), 64, "empty")
                self.expectRefusal(try await self.add("a", simulator, database, ["--phone-field", "fax"]), 64, "mobilePhone")
                let list = try await Program.run(["tenant", "list", "--json"], environment: self.environment(database))
                #expect(list.output == "{\"tenants\":[]}\n")
            }
        }
    }

    @Test func `without a master key nothing is stored, least of all in plain text`() async throws {
        try await withDatabase { database in
            try await withSimulator { simulator in
                for key in ["", "abc", Data(repeating: 1, count: 31).base64EncodedString()] {
                    let run = try await Program.run(
                        ["tenant", "add", "a", "--endpoint", simulator.endpoint, "--client-id", "x", "--client-secret-file", "-", "--no-start"],
                        environment: self.environment(database, ["KAKEHASHI_MASTER_KEY": key]), input: "geheim")
                    self.expectRefusal(run, 64, "KAKEHASHI_MASTER_KEY")
                }
                #expect(try await TenantRegistry(pool: database.pool).all().isEmpty)
            }
        }
    }

    @Test func `loopback endpoints need KAKEHASHI_ALLOW_LOCAL_ENDPOINTS`() async throws {
        try await withDatabase { database in
            try await withSimulator { simulator in
                let run = try await Program.run(
                    ["tenant", "add", "a", "--endpoint", simulator.endpoint, "--client-id", "x", "--client-secret-file", "-"],
                    environment: self.environment(database, ["KAKEHASHI_ALLOW_LOCAL_ENDPOINTS": ""]), input: "geheim")
                self.expectRefusal(run, 64, "KAKEHASHI_ALLOW_LOCAL_ENDPOINTS=1")
                #expect(simulator.evidence.identityCalls == 0)
            }
        }
    }

    @Test func `a tenant's life: stored without a call, started once, set, paused, resumed, removed`() async throws {
        try await withDatabase { database in
            try await withSimulator { simulator in
                let environment = self.environment(database)
                func run(_ arguments: String...) async throws -> Program { try await Program.run(arguments, environment: environment) }
                #expect(try await self.add("花子商事", simulator, database, ["--no-start"]).code == 0)
                #expect(simulator.evidence.counted == 0 && simulator.evidence.identityCalls == 0)
                self.expectRefusal(try await run("sync", "花子商事"), 1, "not started")
                #expect(try await run("tenant", "start", "花子商事").output == "The full load of 花子商事 has begun.\n")
                #expect(try await run("tenant", "start", "花子商事", "--json").output == #"{"name":"花子商事","started_full_load":false}"# + "\n")
                #expect(try await database.pool.first(WaitingLoads()) == 1)
                #expect(try await run("tenant", "set", "花子商事", "account-match=name-and-phone", "sweep-minute=5").code == 0)
                self.expectRefusal(try await run("tenant", "set", "花子商事", "nope=1"), 64, "account-match")
                self.expectRefusal(try await run("tenant", "set", "花子商事", "phone-country=1", "sweep-minute=7"), 64, "phone-country")
                let list = try await run("tenant", "list", "--json").output
                #expect(list.contains(#""settings":{"account-match":"name-and-phone","sweep-minute":"5"}"#) && !list.contains(simulator.clientSecret))
                let again = try await run("tenant", "set", "花子商事", "sweep-minute=5", "--json")
                #expect(
                    again.output
                        == #"{"name":"花子商事","changed":false,"dropped":[],"settings":{"account-match":"name-and-phone","sweep-minute":"5"}}"# + "\n")
                #expect(try await run("tenant", "resume", "花子商事").output == "tenant \"花子商事\" was not paused\n")
                #expect(
                    try await run("tenant", "pause", "花子商事", "--json").output
                        == #"{"name":"花子商事","text":"paused all jobs of tenant \"花子商事\""}"# + "\n")
                #expect(try await run("status", "花子商事", "--json").output.contains(#""state":"paused_by_operator""#))
                #expect(
                    try await run("tenant", "resume", "花子商事", "--json").output
                        == #"{"name":"花子商事","text":"resumed all jobs of tenant \"花子商事\""}"# + "\n")
                #expect(try await run("tenant", "remove", "花子商事", "--json").output == #"{"name":"花子商事","removed":true}"# + "\n")
                self.expectRefusal(try await run("status", "花子商事"), 1, "no tenant named 花子商事")
            }
        }
    }

    @Test func `tenant test has a line for each check, and 1 when a field is missing`() async throws {
        try await withDatabase { database in
            try await withSimulator { simulator in
                let environment = self.environment(database)
                #expect(try await self.add("acme", simulator, database).code == 0)
                let good = try await Program.run(["tenant", "test", "acme"], environment: environment)
                #expect(good.code == 0 && good.output.split(separator: "\n").count == 9, "\(good)")
                simulator.hide(field: "mazrica_phase")
                let bad = try await Program.run(["tenant", "test", "acme", "--json"], environment: environment)
                #expect(bad.code == 1 && bad.output.hasPrefix(#"{"ok":false,"checks":["#))
                #expect(bad.errors == "kakehashi: Not as it should be: field:mazrica_phase.\n")
            }
        }
    }

    @Test func `sync asks through the queue, and a wait without workers ends at its timeout with 1`() async throws {
        try await withDatabase { database in
            try await withSimulator { simulator in
                let environment = self.environment(database)
                #expect(try await self.add("acme", simulator, database).code == 0)
                #expect(
                    try await Program.run(["sync", "acme", "--lead", "7", "--lead", "9"], environment: environment).output
                        == "2 leads are read again.\n")
                #expect(
                    try await Program.run(["sync", "acme", "--full"], environment: environment).output
                        == "A full load of acme is under way already.\n")
                let late = try await Program.run(["sync", "acme", "--wait", "--timeout", "0"], environment: environment)
                #expect(late.code == 1 && late.errors.contains("not settled within the time given"))
                self.expectRefusal(try await Program.run(["sync", "acme", "--full", "--lead", "1"], environment: environment), 64, "Only one of")
                self.expectRefusal(try await Program.run(["sync", "acme", "--tail", "0"], environment: environment), 64, "--tail")
                #expect(
                    try await Program.run(["sync", "acme", "--tail", "26"], environment: environment).output
                        == "The change feeds of acme are read again from 26 hours ago on.\n")
                #expect(
                    try await Program.run(["sync", "acme", "--sweep"], environment: environment).output
                        == "A full load of acme is under way; it reads all leads anyway.\n")
                let flow = try await Program.run(["flow", "show", "acme", "--json"], environment: environment)
                #expect(
                    flow.code == 0 && flow.output.contains("\"lane\":\"backfill\"") && flow.output.contains("\"level\":\"green\""), "\(flow.output)")
                #expect(try await Program.run(["flow", "show"], environment: environment).output.contains("acme: green"))
                self.expectRefusal(try await Program.run(["flow", "show", "nobody"], environment: environment), 1, "no tenant named nobody")
                #expect(try await Program.run(["flow", "resume", "acme"], environment: environment).output.hasPrefix("Nothing held"))
                try await database.pool.run(script: "UPDATE sync.call_budgets SET spent_until = now() + interval '1 hour'")
                #expect(try await Program.run(["flow", "show"], environment: environment).output.contains("paused until"))
                #expect(try await Program.run(["flow", "resume", "acme"], environment: environment).output == "The calls of acme go on now.\n")
                self.expectRefusal(
                    try await Program.run(["sync", "acme", "--timeout", "soon"], environment: environment), 64, "--timeout is a text of 4")
                self.expectRefusal(try await Program.run(["sync", "nobody"], environment: environment), 1, "no tenant named nobody")
                self.expectRefusal(
                    try await Program.run(["sync", "acme", "--timeout", "5"], environment: environment), 64, "--timeout is for --wait")
                #expect(try await Program.run(["tenant", "pause", "acme"], environment: environment).code == 0)
                let paused = try await Program.run(["sync", "acme", "--wait"], environment: environment)
                #expect(paused.code == 1 && paused.errors.contains("acme: paused_by_operator\n"), "\(paused.errors)")
                #expect(paused.errors.contains("kakehashi tenant resume acme"), "\(paused.errors)")
            }
        }
    }

    @Test func `a variable with a value that is not allowed is named, and told before the database is opened`() async throws {
        let base = ["DATABASE_URL": "postgresql://k@127.0.0.1:1/x", "KAKEHASHI_MASTER_KEY": Self.key, "KAKEHASHI_ALLOW_LOCAL_ENDPOINTS": "1"]
        let add = ["tenant", "add", "a", "--endpoint", "http://127.0.0.1:1", "--client-id", "x", "--client-secret-file", "-"]
        for (arguments, variable, value, allowed) in [
            (["sync", "a"], "KAKEHASHI_LEAD", "x", "a lead id above 0"), (["sync", "a"], "KAKEHASHI_LEAD", "7,,9", "a lead id above 0"),
            (["sync", "a"], "KAKEHASHI_TIMEOUT", "soon", "a whole number"), (["sync", "a"], "KAKEHASHI_FULL", "maybe", "1 or 0"),
            (add, "KAKEHASHI_ACCOUNT_MATCH", "foo", "domain, name-and-phone"), (add, "KAKEHASHI_PHONE_FIELD", "fax", "mobilePhone"),
            (add, "KAKEHASHI_DAILY_LIMIT", "many", "a whole number"), (add, "KAKEHASHI_SWEEP_MINUTE", "60", "0 to 59"),
        ] {
            let run = try await Program.run(arguments, environment: base.merging([variable: value]) { _, new in new }, input: "geheim")
            self.expectRefusal(run, 64, "\(variable) is ")
            #expect(run.errors.contains(allowed), "\(run.errors)")
        }
        // A dry run is for a full load alone; whoever asks for it must not get a real sync.
        let dry = base.merging(["KAKEHASHI_DRY_RUN": "1"]) { _, new in new }
        self.expectRefusal(try await Program.run(["sync", "a"], environment: dry), 64, "--dry-run is for --full alone")
        self.expectRefusal(
            try await Program.run(["sync", "a", "--full", "--dry-run", "--wait"], environment: base), 64, "--dry-run is for --full alone")
        let secret = "geheim"
        let nameless = ["tenant", "add", String(repeating: "x", count: 201)] + add.dropFirst(3)
        self.expectRefusal(try await Program.run(nameless, environment: base, input: secret), 64, "1 to 200 characters")
        self.expectRefusal(try await Program.run(["tenant", "set", "a", "phone-field=fax"], environment: base), 64, "phone-field")
        self.expectRefusal(try await Program.run(["tenant", "set", "a", "phone-field"], environment: base), 64, "KEY=VALUE")
    }

    @Test func `facts that can't be written end with 1`() async throws {
        try await withDatabase { database in
            for arguments in [["status", "--json"], ["status"], ["tenant", "list", "--json"]] {
                let run = try await Program.run(arguments, environment: self.environment(database), output: "/dev/full")
                self.expectRefusal(run, 1, "can't be written")
            }
        }
    }
}

/// How many full loads wait to be begun.
private struct WaitingLoads: PostgresStatement {
    static let sql = "SELECT count(*) FROM ops.jobs WHERE kind = 'start-full-load'"
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Int { try row.decode(0) }
}
