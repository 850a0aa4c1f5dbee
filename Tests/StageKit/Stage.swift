package import Fleet
package import Foundation
package import Postgres
package import Runtime
package import Simulator
package import TestKit

/// A simulated Marketo, a database and a tenant between them, whose full load waits for real workers.
package struct Stage: Sendable {
    /// The vendor.
    package let marketo: Simulator
    /// The product's database.
    package let database: TestDatabase
    /// Its processes.
    package let family: ChildFamily
    /// The network between them, where a test wants to break it.
    package let roads: Roads?

    /// The one tenant's name.
    package static let tenant = "acme"
    /// How many calls in 20 s the tenant may use up: the most that Marketo allows.
    package static let window = 100
    /// How many at once, likewise.
    package static let atOnce = 10

    /// The PostgreSQL that the database is in.
    package var cluster: PrivateCluster { self.database.cluster }
    /// The test's own connections, which no road leads through.
    package var pool: PostgresPool { self.database.pool }

    /// Sets it up by the real command line and hands it to `body`; all processes are gone afterwards.
    ///
    /// - Parameters:
    ///   - cluster: for a test that stops the server; the shared one otherwise.
    ///   - settings: of the tenant, over the most that Marketo allows.
    ///   - byRoad: whether the processes reach Marketo and PostgreSQL by ``Roads``, which can fall silent.
    package static func set(
        _ configuration: SimulatorConfiguration, on cluster: PrivateCluster? = nil, settings: [String: String] = [:], byRoad: Bool = false,
        _ body: (Stage) async throws -> Void
    ) async throws {
        try await withSimulator(configuration) { marketo in
            try await withDatabase(on: cluster) { database in
                let roads = byRoad ? try Roads(marketo: marketo.port, database: database.cluster.port) : nil
                defer { roads?.stop() }
                let url = database.cluster.url(database: database.name, port: roads?.database.port)
                try await ChildFamily.lend(environment: Self.environment(url), programs: Self.programs, grace: .seconds(5)) { family in
                    let stage = Stage(marketo: marketo, database: database, family: family, roads: roads)
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
    package static var programs: URL {
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: bundle).resolvingSymlinksInPath().deletingLastPathComponent()
    }

    /// What the programs are started with.
    package static func environment(_ url: String) -> Environment {
        Environment([
            VariableName.database: url, VariableName.masterKey: Data(repeating: 7, count: 32).base64EncodedString(),
            VariableName.allowLocalEndpoints: "1", VariableName.logFormat: "text", "KAKEHASHI_HEALTH_PORT": "0", "TZ": "Asia/Tokyo",
        ])
    }

    /// Starts a worker with a short lease and a few places.
    @discardableResult package func worker(_ number: Int, lease: Int = 3, concurrency: Int = 6) async throws -> ChildProcess {
        try await self.family.start("worker", as: "worker \(number)", ["--lease-seconds", "\(lease)", "--concurrency", "\(concurrency)"])
    }

    /// Starts a scheduler.
    @discardableResult package func scheduler(_ number: Int) async throws -> ChildProcess {
        try await self.family.start("scheduler", as: "scheduler \(number)")
    }

    /// Where the tenant finds Marketo.
    private var endpoint: String { self.roads.map { "http://127.0.0.1:\($0.marketo.port)/rest" } ?? self.marketo.endpoint }

    private func addTenant(_ settings: [String: String]) async throws {
        let secret = FileManager.default.temporaryDirectory.appending(path: "secret-\(UUID().uuidString)")
        try Data(self.marketo.clientSecret.utf8).write(to: secret)
        defer { try? FileManager.default.removeItem(at: secret) }
        let child = try await self.family.start(
            "kakehashi", as: "tenant add",
            [
                "tenant", "add", Self.tenant, "--endpoint", self.endpoint, "--client-id", self.marketo.clientID,
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
package struct StageFailed: Error, CustomStringConvertible {
    let error: any Error
    let logs: String
    /// Both, for a report.
    package var description: String { "\(self.error)\n\(self.logs)" }
}
