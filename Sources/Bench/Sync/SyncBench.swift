import Fleet
import Foundation
import JobQueue
import Jobs
import Logging
import Migrations
import Postgres
import Runtime
import Store
import Sync

/// A full load by the real programs: simulator, scheduler and workers, each a process of its own, and a database that is given.
///
/// The clock runs from the moment the load is ordered to the moment its last lead is written down.
struct SyncBench: Sendable {
    /// Whose limits are kept.
    enum Limits: String, Sendable, CaseIterable {
        /// None: what we cost ourselves.
        case off
        /// Marketo's: 100 calls in 20 s, 10 at once.
        case marketo
    }

    /// What came of it.
    struct Result: Sendable {
        /// A line for the load and one for each worker.
        let measures: [Measure]
        /// Leads a second.
        let rate: Double
        /// The most that a worker held in memory, in bytes.
        let memory: Int
    }

    /// What Marketo's limits let through: 100 calls of 300 leads in 20 s.
    static let mostLeadsPerSecond = 1_500.0

    let leads: Int
    let limits: Limits
    let processes: Int
    let environment: Environment

    /// Runs it.
    func run() async throws -> Result {
        _ = try self.environment.databaseURL()
        var changes = [
            VariableName.allowLocalEndpoints: "1", VariableName.logFormat: LogFormat.text.rawValue, VariableName.logLevel: "warning",
            "KAKEHASHI_HEALTH_PORT": "0",
        ]
        if self.environment[VariableName.masterKey] == nil {
            changes[VariableName.masterKey] = Data((0..<32).map { _ in UInt8.random(in: .min ... .max) }).base64EncodedString()
        }
        let environment = self.environment.with(changes)
        return try await ChildFamily.lend(environment: environment) { family in
            try await withThrowingTaskGroup(of: Result?.self) { group in
                group.addTask { try await self.play(with: family, environment) }
                group.addTask {
                    do {
                        try await family.watch()
                    } catch let death as ChildEnded {
                        throw Complaint("\(death.name) ended, which it should not have. Its last words:\n\(death.log.tail(lines: 20))")
                    }
                    return nil
                }
                defer { group.cancelAll() }
                while let result = try await group.next() {
                    if let result { return result }
                }
                throw CancellationError()
            }
        }
    }

    private func play(with family: ChildFamily, _ environment: Environment) async throws -> Result {
        let logger = Logger(label: "bench")
        let pool = PostgresPool(configuration: try environment.database(name: "kakehashi bench", poolSize: 2), logger: logger)
        do {
            try await Migrations.migrator(pool: pool).migrate()
            let cipher = try CredentialCipher(environmentValue: environment[VariableName.masterKey])
            let result = try await self.measure(with: family, pool, cipher)
            await pool.shutdown()
            return result
        } catch {
            await pool.shutdown()
            throw (error as? PostgresError).map { Complaint($0) } ?? error
        }
    }

    private func measure(with family: ChildFamily, _ pool: PostgresPool, _ cipher: CredentialCipher) async throws -> Result {
        let client = (id: UUID().uuidString.lowercased(), secret: UUID().uuidString)
        let flags = ["--leads", "\(self.leads)", "--client-id", client.id, "--client-secret", client.secret, "--with-parent"]
        let simulator = try await SimulatorControl(
            of: try await family.start("simulator", as: "simulator", flags + (self.limits == .off ? ["--no-limits"] : [])))
        try await family.start("scheduler", as: "scheduler")
        var workers: [ChildProcess] = []
        for number in 1...self.processes { workers.append(try await family.start("worker", as: "worker \(number)")) }

        let name = "bench-\(UUID().uuidString.prefix(8).lowercased())"
        var settings = TenantSettings()
        try settings.set("calls-per-20s", "100")
        try settings.set("concurrent-calls", "10")
        // Its hourly sync is not due while the load runs.
        try settings.set("sweep-minute", QuietMinute.setting())
        let new = NewTenant(
            name: name, endpoint: try MarketoEndpoint(simulator.base + "/rest", allowLocal: true), clientID: client.id,
            clientSecret: Store.Secret(client.secret), settings: settings)
        let tenant = try await pool.transaction { try await $0.addTenant(new, sealedBy: cipher).id }
        if self.limits == .off { try await pool.execute(LimitsLift(tenant: tenant)) }
        try await self.untilWorkersAreSeen(pool, pids: workers.map(\.pid))

        let start = ContinuousClock.now
        let run = try await pool.transaction { transaction -> Int64 in
            guard try await transaction.startTenant(tenant), let run = try await transaction.first(StartRun(tenant: tenant, kind: .full)) else {
                throw Complaint("The full load of the fresh tenant \(name) did not start.")
            }
            _ = try await transaction.enqueue(StartFullLoad(run: run), tenant: tenant.rawValue)
            return run
        }
        let status = try await self.untilSettled(name, tenant, run, pool)
        let settled = (ContinuousClock.now - start) / .seconds(1)
        guard let seconds = try await pool.first(LoadSeconds(tenant: tenant, run: run)) else { throw Complaint("The full load wrote nothing down.") }
        let memory = workers.map { (ProcessMemory(of: $0.pid)?.peak ?? 0, ProcessClock.seconds(of: $0.pid) ?? 0) }
        try await TenantRegistry(pool: pool).pause(name)
        guard status.fullLoad.leadsSeen == self.leads else {
            throw Complaint("The full load saw \(status.fullLoad.leadsSeen) leads of \(self.leads).")
        }
        return try await self.measures(
            status, tenant, pool, seen: try await simulator.evidence(), seconds: seconds, settled: settled, memory: memory)
    }

    /// Workers that are still on their way would cost the first of the measured seconds.
    private func untilWorkersAreSeen(_ pool: PostgresPool, pids: [Int32]) async throws {
        let wanted = Set(pids.map { Int($0) })
        while !wanted.isSubset(of: try await pool.query(WorkerStatusQuery()).map(\.pid)) { try await Task.sleep(for: .milliseconds(50)) }
    }

    /// Looks seldom and cheaply, so that the looking costs nothing.
    private func untilSettled(_ name: String, _ tenant: TenantID, _ run: Int64, _ pool: PostgresPool) async throws -> TenantStatus {
        let deadline = ContinuousClock.now + .seconds(max(600, self.leads / 100))
        while try await pool.first(FindRun(tenant: tenant, run: run))?.isRunning ?? true {
            guard .now < deadline else { throw Complaint("The full load is not done within \(max(600, self.leads / 100)) s.") }
            try await Task.sleep(for: .milliseconds(100))
        }
        while true {
            guard let status = try await pool.first(TenantStatusQuery(name: name)) else { throw Complaint("The tenant \(name) is gone.") }
            if status.jobs.dead > 0 { throw Complaint("\(status.jobs.dead) jobs of \(name) died; see ops.stuck_jobs.") }
            if status.isSettled { return status }
            guard .now < deadline else { throw Complaint("\(name) is not settled in time (\(status.state.rawValue)).") }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    private func measures(
        _ status: TenantStatus, _ tenant: TenantID, _ pool: PostgresPool, seen: SimulatorEvidence, seconds: Double, settled: Double,
        memory: [(peak: Int, computing: Double)]
    ) async throws -> Result {
        let version = try await pool.first(ServerVersion()) ?? "unknown"
        let counts = try await pool.first(SideCounts(tenant: tenant))
        let pace = try await pool.first(CallPace(tenant: tenant))
        let rate = Double(self.leads) / seconds
        var figures: [(String, Measure.Value)] = [
            ("limits", .name(self.limits.rawValue)), ("processes", .count(self.processes)), ("leads", .count(self.leads)),
            ("seconds", .decimal(seconds)), ("per_second", .decimal(rate)),
            ("settled_seconds", .decimal(settled)), ("calls", .count(pace?.calls ?? 0)),
            // As the vendor's side counted them.
            ("vendor_calls", .count(seen.counted)), ("vendor_lead_calls", .count(seen.leadCalls)),
            ("contacts", .count(counts?.contacts ?? 0)), ("accounts", .count(counts?.accounts ?? 0)), ("quarantined", .count(status.quarantined)),
        ]
        if self.limits == .marketo {
            figures.append(("ratio", .decimal(rate / Self.mostLeadsPerSecond)))
            // The first hundred calls leave at once; from then on this is what the limits are used to.
            if let gap = pace?.secondsPerHundred { figures.append(("sustained_ratio", .decimal(20 / gap))) }
        }
        let lines = memory.enumerated().map { place, memory in
            Measure(
                "sync-worker",
                [
                    ("limits", .name(self.limits.rawValue)), ("worker", .count(place + 1)), ("leads", .count(self.leads)),
                    ("seconds", .decimal(seconds)), ("per_second", .decimal(rate)), ("peak_memory_bytes", .count(memory.peak)),
                    ("computing_seconds", .decimal(memory.computing)),
                ], postgresVersion: version)
        }
        return Result(measures: [Measure("sync", figures, postgresVersion: version)] + lines, rate: rate, memory: memory.map(\.peak).max() ?? 0)
    }
}
