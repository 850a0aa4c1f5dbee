import Fleet
import Foundation
import Postgres
import Runtime
import Simulator
import Store
import TestKit

/// A simulated Marketo, a database and a tenant between them, whose full load waits for real workers.
struct Stage {
    let marketo: Simulator
    let database: TestDatabase
    let family: ChildFamily

    static let tenant = "acme"
    /// What the tenant may use up: the most that Marketo allows.
    static let window = 100
    static let atOnce = 10

    var cluster: PrivateCluster { self.database.cluster }
    var pool: PostgresPool { self.database.pool }

    /// Sets it up by the real command line and hands it to `body`; all processes are gone afterwards.
    ///
    /// - Parameters:
    ///   - cluster: for a test that stops the server; the shared one otherwise.
    ///   - settings: of the tenant, over the most that Marketo allows.
    static func set(
        _ configuration: SimulatorConfiguration, on cluster: PrivateCluster? = nil, settings: [String: String] = [:],
        _ body: (Stage) async throws -> Void
    ) async throws {
        try await withSimulator(configuration) { marketo in
            try await withDatabase(on: cluster) { database in
                try await ChildFamily.lend(environment: Self.environment(database.url), programs: Self.programs, grace: .seconds(5)) { family in
                    let stage = Stage(marketo: marketo, database: database, family: family)
                    try await database.pool.run(script: Answer.function)
                    try await stage.addTenant(settings)
                    do {
                        try await body(stage)
                    } catch {
                        // What the processes said is worth more than the error alone.
                        throw StageFailed(error: error, logs: stage.family.said)
                    }
                }
            }
        }
    }

    /// Where the build puts the programs: beside the tests.
    static var programs: URL {
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: bundle).resolvingSymlinksInPath().deletingLastPathComponent()
    }

    /// What the programs are started with.
    static func environment(_ url: String) -> Environment {
        Environment([
            VariableName.database: url, VariableName.masterKey: Data(repeating: 7, count: 32).base64EncodedString(),
            VariableName.allowLocalEndpoints: "1", VariableName.logFormat: "text", "KAKEHASHI_HEALTH_PORT": "0", "TZ": "Asia/Tokyo",
        ])
    }

    /// Starts a worker with a short lease and a few places.
    @discardableResult func worker(_ number: Int, lease: Int = 3, concurrency: Int = 6) async throws -> ChildProcess {
        try await self.family.start("worker", as: "worker \(number)", ["--lease-seconds", "\(lease)", "--concurrency", "\(concurrency)"])
    }

    /// Starts a scheduler.
    @discardableResult func scheduler(_ number: Int) async throws -> ChildProcess {
        try await self.family.start("scheduler", as: "scheduler \(number)")
    }

    private func addTenant(_ settings: [String: String]) async throws {
        let secret = FileManager.default.temporaryDirectory.appending(path: "secret-\(UUID().uuidString)")
        try Data(self.marketo.clientSecret.utf8).write(to: secret)
        defer { try? FileManager.default.removeItem(at: secret) }
        let child = try await self.family.start(
            "kakehashi", as: "tenant add",
            [
                "tenant", "add", Self.tenant, "--endpoint", self.marketo.endpoint, "--client-id", self.marketo.clientID,
                "--client-secret-file", secret.path,
            ])
        guard await child.ended(within: .seconds(60)) == .exited(0) else { throw StageFailed(error: CancellationError(), logs: child.log.text) }
        // The hourly sync comes when a test asks for it, and not in between.
        let all = [
            "calls-per-20s": "\(Self.window)", "concurrent-calls": "\(Self.atOnce)", "sweep-minute": QuietMinute.setting(),
        ].merging(settings) { _, given in given }
        let pairs = all.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\"\($0.value)\"" }.joined(separator: ",")
        try await self.pool.run(script: "UPDATE sync.tenants SET settings = settings || '{\(pairs)}'")
    }
}

/// A test could not go on; with the last words of all processes.
struct StageFailed: Error, CustomStringConvertible {
    let error: any Error
    let logs: String
    var description: String { "\(self.error)\n\(self.logs)" }
}
