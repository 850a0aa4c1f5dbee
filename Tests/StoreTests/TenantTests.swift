import Postgres
import Sync
import TestKit
import Testing

@testable import Store

/// Setting tenants up: what `tenant add`, `set`, `start`, `pause`, `remove` store.
@Suite struct TenantTests {
    private static func new(
        _ name: String = "acme", host: String = "123-abc-456", secret: String = "s3cret", client: String = "client",
        settings: [String: String] = [:]
    ) throws -> NewTenant {
        NewTenant(
            name: name, endpoint: try MarketoEndpoint("https://\(host).mktorest.com/rest", allowLocal: false), clientID: client,
            clientSecret: Secret(secret), settings: try TenantSettings(overrides: settings))
    }

    private static func add(_ new: NewTenant, _ store: StoreDatabase) async throws -> TenantAddition {
        let cipher = try #require(testCipher)
        return try await store.pool.transaction { try await $0.addTenant(new, sealedBy: cipher) }
    }

    @Test func `R9 the same settings again, also with a new secret, start nothing`() async throws {
        try await withStore { store in
            let created = try await Self.add(try Self.new(), store)
            #expect(created == TenantAddition(id: TenantID(rawValue: store.acme), outcome: .created, isStarted: false))
            #expect(try await Self.add(try Self.new(), store).outcome == .unchanged)
            #expect(try await store.pool.transaction { try await $0.startTenant(created.id) })
            #expect(try await store.pool.transaction { try await $0.startTenant(created.id) } == false)
            for change in [
                try Self.new(secret: "other"), try Self.new(secret: "other", client: "two"), try Self.new(secret: "x", settings: ["sweep-days": "3"]),
            ] {
                #expect(try await Self.add(change, store) == TenantAddition(id: created.id, outcome: .changed, isStarted: true))
                #expect(try await Self.add(change, store).outcome == .unchanged)
            }
            #expect(try await store.pool.transaction { try await $0.startTenant(created.id) } == false)
        }
    }

    @Test func `R9 of ten who start a tenant at once exactly one enqueues its full load`() async throws {
        try await withStore { store in
            let id = try await Self.add(try Self.new(), store).id
            let pool = store.pool
            let started = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<10 { group.addTask { try await pool.transaction { try await $0.startTenant(id) } } }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(started == 1)
        }
    }

    @Test func `R9 ten who add one tenant at once make one`() async throws {
        try await withStore { store in
            let new = try Self.new()
            let outcomes = try await withThrowingTaskGroup(of: TenantAddition.self) { group in
                for _ in 0..<10 { group.addTask { try await Self.add(new, store) } }
                return try await group.reduce(into: []) { $0.append($1.outcome) }
            }
            #expect(outcomes.filter { $0 == .created }.count == 1)
            #expect(outcomes.filter { $0 == .unchanged }.count == 9)
        }
    }

    @Test func `promise 12: the secret is stored unreadable and comes back whole`() async throws {
        try await withStore { store in
            let id = try await Self.add(try Self.new(), store).id
            #expect(try await store.text("SELECT position('s3cret'::bytea IN secret) FROM sync.tenants") == "0")
            let tenant = try #require(try await TenantRegistry(pool: store.pool).tenant(id))
            #expect(try tenant.clientSecret(by: try #require(testCipher)) == Secret("s3cret"))
            #expect(!"\(tenant)".contains("s3cret"))
            // A row copied under another name does not open there.
            try await store.run(
                """
                INSERT INTO sync.tenants (id, name, subscription_id, endpoint, client_id, secret, secret_key_id)
                SELECT \(store.beta), 'beta', subscription_id, endpoint, client_id, secret, secret_key_id FROM sync.tenants
                """)
            let copy = try await TenantRegistry(pool: store.pool).tenant(named: "beta")
            #expect(throws: CredentialError.damaged) { try copy.clientSecret(by: try #require(testCipher)) }
        }
    }

    @Test func `matrix 3.5, another subscription: a name keeps to its own; two names may share one, and then share its limits`() async throws {
        try await withStore { store in
            let acme = try await Self.add(
                try Self.new(settings: ["calls-per-20s": "100", "daily-limit": "20000", "quota-zone": "Asia/Tokyo"]), store
            ).id
            await #expect(throws: TenantError.otherSubscription(name: "acme", account: "123-abc-456")) {
                try await Self.add(try Self.new(host: "999-xyz-999"), store)
            }
            let beta = try await Self.add(try Self.new("beta", settings: ["concurrent-calls": "3"]), store).id
            let registry = TenantRegistry(pool: store.pool)
            #expect(try await registry.tenant(acme)?.subscription == registry.tenant(beta)?.subscription)
            let limits = "SELECT calls_per_window || '/' || concurrent_calls || '/' || daily_limit || '/' || quota_zone FROM sync.call_budgets"
            #expect(try await store.texts(limits) == ["50/3/20000/Asia/Tokyo"])
            _ = try await store.pool.transaction { try await $0.setTenant(named: "beta", ["calls-per-20s": "80", "concurrent-calls": "10"]) }
            #expect(try await store.texts(limits) == ["80/5/20000/Asia/Tokyo"])
        }
    }

    @Test(arguments: [("123-abc-456", "7/5"), ("999-xyz-999", nil)] as [(String, String?)])
    func `R9, matrix 3.5, another subscription: with its own the contacts show their leads still; with another one they show nobody's`(
        host: String, shown: String?
    ) async throws {
        try await withStore { store in
            _ = try await Self.add(try Self.new(), store)
            try await store.run(
                """
                BEGIN; SELECT crm.write_as_sync();
                INSERT INTO crm.contacts (tenant_id, name, lead_id, lead_score) VALUES (\(store.acme), 'c', 7, 5); COMMIT;
                """)
            try await TenantRegistry(pool: store.pool).remove("acme")
            _ = try await Self.add(try Self.new(host: host), store)
            #expect(try await store.text("SELECT lead_id || '/' || lead_score FROM crm.contacts") == shown)
        }
    }

    @Test func `a tenant whose removal ended half-way is not set up again before it is finished`() async throws {
        try await withStore { store in
            _ = try await Self.add(try Self.new(), store)
            try await store.run("SELECT ops.begin_removal('acme')")
            await #expect(throws: TenantError.beingRemoved(name: "acme")) { try await Self.add(try Self.new(), store) }
            try await TenantRegistry(pool: store.pool).remove("acme")
            #expect(try await Self.add(try Self.new(), store).outcome == .created)
            #expect(try await store.number("SELECT count(*) FROM jobs.gate") == 0)
        }
    }

    @Test func `the limits of a tenant that sets none are the defaults of the settings`() async throws {
        try await withStore { store in
            _ = try await Self.add(try Self.new(), store)
            let defaults = TenantSettings()
            let limits = "SELECT calls_per_window || '/' || concurrent_calls || '/' || daily_limit || '/' || quota_zone FROM sync.call_budgets"
            let expected = "\(defaults.callsPer20Seconds)/\(defaults.concurrentCalls)/\(defaults.dailyLimit)/\(defaults.quotaZone)"
            #expect(try await store.texts(limits) == [expected])
        }
    }

    @Test func `set keeps what it does not name, says whether anything changed, and refuses what is none`() async throws {
        try await withStore { store in
            _ = try await Self.add(try Self.new(settings: ["own-domains": "acme.example"]), store)
            let set = { (settings: [String: String]) in
                try await store.pool.transaction { try await $0.setTenant(named: "acme", settings) }
            }
            #expect(try await set(["legal-form": "fold"]).isChanged)
            #expect(try await set(["legal-form": "FOLD"]).isChanged == false)
            let tenant = try await TenantRegistry(pool: store.pool).tenant(named: "acme")
            #expect(tenant.overrides == ["own-domains": "acme.example", "legal-form": "fold"])
            #expect(try tenant.settings().legalForm == .fold)
            await #expect(throws: SettingError.self) { try await set(["legal-form": "fold", "phone-field": "fax"]) }
            await #expect(throws: SettingError.self) { try await set(["colour": "red"]) }
            await #expect(throws: TenantError.unknown(name: "nobody")) {
                try await store.pool.transaction { try await $0.setTenant(named: "nobody", ["legal-form": "fold"]) }
            }
        }
    }

    @Test func `set mends stored values that are none: those it names are replaced, the others dropped and told`() async throws {
        try await withStore { store in
            _ = try await Self.add(try Self.new(settings: ["own-domains": "acme.example"]), store)
            try await store.run(
                #"UPDATE sync.tenants SET settings = settings || '{"phone-field":"fax","sweep-days":"soon","colour":"red"}'"#)
            let change = try await store.pool.transaction { try await $0.setTenant(named: "acme", ["sweep-days": "3"]) }
            #expect(change.isChanged && change.dropped == ["colour", "phone-field"])
            let tenant = try await TenantRegistry(pool: store.pool).tenant(named: "acme")
            #expect(tenant.overrides == ["own-domains": "acme.example", "sweep-days": "3"])
        }
    }

    @Test func `ten who set ten settings of one tenant at once all keep theirs`() async throws {
        try await withStore { store in
            _ = try await Self.add(try Self.new(), store)
            let all = [
                "account-match": "name-and-phone", "phone-field": "mainPhone", "legal-form": "fold", "phone-country": "81", "sweep-days": "3",
                "sweep-minute": "5", "push-edits": "off", "push-existing": "on", "coalesce-seconds": "9", "daily-limit": "777",
            ]
            let pool = store.pool
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (key, value) in all {
                    group.addTask { _ = try await pool.transaction { try await $0.setTenant(named: "acme", [key: value]) } }
                }
                try await group.waitForAll()
            }
            #expect(try await TenantRegistry(pool: store.pool).tenant(named: "acme").overrides == all)
        }
    }

    @Test func `a name that is none is refused before anything is asked`() {
        #expect(throws: TenantError.invalidName) { try TenantError.check(name: "") }
        #expect(throws: TenantError.invalidName) { try TenantError.check(name: String(repeating: "x", count: 201)) }
        #expect(throws: TenantError.invalidName) { try TenantError.check(name: "a\u{0}b") }
        #expect(throws: Never.self) { try TenantError.check(name: String(repeating: "社", count: 200)) }
    }

    @Test func `pause and resume shut and open the tenant's gate`() async throws {
        try await withStore { store in
            _ = try await Self.add(try Self.new(), store)
            let registry = TenantRegistry(pool: store.pool)
            try await registry.pause("acme")
            #expect(try await store.number("SELECT count(*) FROM jobs.gate WHERE name = 'tenant' AND shut_until > now()") == 1)
            #expect(try await store.pool.first(TenantStatusQuery(name: "acme"))?.state == .pausedByOperator)
            try await registry.resume("acme")
            #expect(try await store.pool.first(TenantStatusQuery(name: "acme"))?.state == .idle)
            await #expect(throws: TenantError.unknown(name: "beta")) { try await registry.pause("beta") }
        }
    }

    @Test func `remove forgets credentials, jobs and memory, and keeps the team's records and the day's calls`() async throws {
        try await withStore { store in
            let id = try await Self.add(try Self.new(), store).id
            try await store.run(
                """
                INSERT INTO crm.contacts (tenant_id, name) VALUES (\(id), 'a');
                INSERT INTO jobs.job (tenant_id, kind, payload) SELECT \(id), 'refresh-lead', '{}' FROM generate_series(1, 12000);
                SELECT sync.admit_call(1, \(id), 'hourly', '/rest/v1/leads.json', '60 s');
                """)
            let registry = TenantRegistry(pool: store.pool)
            try await registry.remove("acme")
            await #expect(throws: TenantError.unknown(name: "acme")) { try await registry.tenant(named: "acme") }
            let left =
                "SELECT (SELECT count(*) FROM jobs.job) || '/' || (SELECT count(*) FROM jobs.gate) || '/' || (SELECT count(*) FROM crm.contacts)"
            #expect(try await store.text(left) == "0/0/1")
            #expect(try await store.number("SELECT used FROM sync.call_budgets") == 1)
            let again = try await Self.add(try Self.new(), store)
            #expect(again == TenantAddition(id: id, outcome: .created, isStarted: false))
        }
    }

    @Test func `status names every tenant, and nothing is on its way at first`() async throws {
        try await withStore { store in
            _ = try await Self.add(try Self.new("beta", host: "999-xyz-999"), store)
            _ = try await Self.add(try Self.new(), store)
            let all = try await store.pool.query(TenantStatusQuery())
            #expect(all.map(\.name) == ["acme", "beta"])
            #expect(all.allSatisfy { $0.isSettled && $0.state == .idle && $0.fullLoad.state == "not_started" && $0.quota.remaining == 50_000 })
            try await store.run("SELECT jobs.enqueue('refresh-lead', '{\"lead\":1}', 'acme')")
            let acme = try #require(try await store.pool.first(TenantStatusQuery(name: "acme")))
            #expect(acme.jobs.ready == 1 && !acme.isSettled)
            #expect(try await store.pool.query(WorkerStatusQuery()).isEmpty)
        }
    }
}
