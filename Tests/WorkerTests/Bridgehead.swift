import Foundation
import JobQueue
import Jobs
import Logging
import Postgres
import ServiceLifecycle
import Simulator
import Store
import Sync
import TestKit

@testable import Worker

/// A tenant between a simulated Marketo and a database of its own, with as many workers as a test wants.
struct Bridgehead {
    let marketo: Simulator
    let database: TestDatabase
    let tenant: Tenant
    let cipher: CredentialCipher
    let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    var pool: PostgresPool { self.database.pool }
    var id: Int64 { self.tenant.id.rawValue }

    /// Sets up a tenant over a simulator and hands both to `body`.
    ///
    /// - Parameters:
    ///   - settings: over the defaults; by default with room for as many calls as can be.
    ///   - seed: told of the simulator before anything is read.
    static func stand(
        _ configuration: SimulatorConfiguration = .open(), settings: [String: String] = [:], on cluster: PrivateCluster? = nil,
        _ body: (Bridgehead) async throws -> Void
    ) async throws {
        try await Berths.few.lend {
            try await withSimulator(configuration) { marketo in
                try await withDatabase(on: cluster) { database in
                    let cipher = CredentialCipher(current: try MasterKey(base64: Data(repeating: 7, count: 32).base64EncodedString()))
                    let all = ["calls-per-20s": "100", "concurrent-calls": "10"].merging(settings) { _, given in given }
                    let endpoint = try MarketoEndpoint(marketo.endpoint, allowLocal: true)
                    let new = NewTenant(
                        name: "acme", endpoint: endpoint, clientID: marketo.clientID,
                        clientSecret: Store.Secret(marketo.clientSecret), settings: try TenantSettings(overrides: all))
                    let id = try await database.pool.transaction { tx in try await tx.addTenant(new, sealedBy: cipher).id }
                    // The window is the ledger's own test; here it would only make tests slow.
                    try await database.pool.run(script: "UPDATE sync.call_budgets SET calls_per_window = 100000, concurrent_calls = 10")
                    guard let tenant = try await database.pool.first(TenantByID(id: id)) else { throw CancellationError() }
                    try await body(Bridgehead(marketo: marketo, database: database, tenant: tenant, cipher: cipher))
                }
            }
        }
    }

    /// Begins the full load, as `tenant add` and `sync --full` do.
    func startFullLoad() async throws {
        try await self.pool.transaction { tx in
            guard let run = try await tx.first(StartRun(tenant: self.tenant.id, kind: .full)) else { return }
            try await tx.enqueue(StartFullLoad(run: run), tenant: self.id)
            try await tx.run(script: "UPDATE sync.tenants SET started_at = coalesce(started_at, clock_timestamp())")
        }
    }

    /// Begins an hourly sync.
    func startSweep() async throws {
        _ = try await self.pool.transaction { tx in try await tx.enqueue(StartSweep(), tenant: self.id) }
    }

    /// Runs a worker until nothing of the tenant is under way or due within a minute; or until a condition of the test's own holds.
    func work(until condition: String? = nil, _ change: (inout JobProcessorSettings) -> Void = { _ in }) async throws {
        var settings = JobProcessorSettings()
        settings.poll = .milliseconds(50)
        change(&settings)
        let worker = try WorkerService(
            pool: self.pool, cipher: self.cipher, allowsLocalEndpoints: true, settings: settings, logger: self.logger)
        let group = ServiceGroup(configuration: .init(services: [.init(service: worker)], logger: self.logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            try await self.settle(until: condition)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    /// Closes the runs of which nothing is left, as `finish-run` would.
    func finishRuns() async throws {
        try await self.pool.transaction { tx in
            try await tx.run(
                script:
                    "INSERT INTO jobs.job (tenant_id, kind, unique_key, payload) SELECT tenant_id, 'finish-run', 'run:' || id, jsonb_build_object('run', id) FROM sync.runs WHERE state = 'running'"
            )
        }
    }

    /// Loads everything there is.
    func load() async throws {
        try await self.startFullLoad()
        try await self.work()
    }

    /// Does one hourly sync.
    func sweep() async throws {
        try await self.startSweep()
        try await self.work()
    }

    /// Waits until the tenant is settled (CONTRACT 3), or until a condition of the test's own holds.
    func settle(until condition: String? = nil, within limit: Duration = .seconds(180)) async throws {
        let deadline = ContinuousClock.now + limit
        while true {
            if let condition {
                if try await self.value(condition) == "true" { return }
            } else if try await self.pool.first(TenantStatusQuery(name: self.tenant.name))?.isSettled == true {
                return
            }
            guard .now < deadline else { throw NotSettled(status: try await self.pool.query(JobText()).joined(separator: "\n")) }
            try await Task.sleep(for: .milliseconds(30))
        }
    }

    /// A value, by a statement of the test's own.
    func value(_ sql: String) async throws -> String? {
        try await self.pool.transaction { tx in
            try await tx.run(script: "CREATE TEMP TABLE asked ON COMMIT DROP AS SELECT (\(sql))::text AS answer")
            return try await tx.first(Answer()) ?? nil
        }
    }

    /// A number, by a statement of the test's own.
    func count(_ sql: String) async throws -> Int { try await self.value(sql).flatMap(Int.init) ?? -1 }
}

/// The tenant did not come to rest in time.
struct NotSettled: Error { let status: String }

private struct Answer: PostgresStatement {
    static let sql = "SELECT answer FROM asked"
    static func decode(_ row: PostgresRow) throws(PostgresError) -> String? { try row.decode(0) }
}

private struct JobText: PostgresStatement {
    static let sql = "SELECT row_to_json(current)::text FROM jobs.current LIMIT 20"
    static func decode(_ row: PostgresRow) throws(PostgresError) -> String { try row.decode(0) }
}

extension SimulatorConfiguration {
    /// With `leads` leads and room for as many calls as can be.
    static func open(leads: Int = 0, _ change: (inout SimulatorConfiguration) -> Void = { _ in }) -> SimulatorConfiguration {
        var limits = Limits()
        limits.callsPerWindow = nil
        limits.callsPerDay = nil
        var configuration = SimulatorConfiguration(leads: leads, limits: limits)
        change(&configuration)
        return configuration
    }
}
