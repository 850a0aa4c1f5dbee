import Foundation
import Glibc
import Logging
import Migrations
import Postgres
import Synchronization

/// A PostgreSQL of the tests' own: made in a temporary folder, on a free port of the loopback, gone with the test process.
///
/// - Shape: tests connect as `kakehashi`, who owns its databases and may do nothing more (CONTRACT 5). Use `shared` for nearly
///   everything; `own()` is for a test that stops or kills the server.
package actor PrivateCluster {
    /// The one that all tests of the process share, made when the first asks.
    package static func shared() async throws -> PrivateCluster { try await Self.sharedTask.value }

    private static let sharedTask = Task { try await PrivateCluster(settings: []) }
    /// The password of `kakehashi`.
    ///
    /// It is needed for nothing, but sits in every URL so that a leak would show.
    package static let password = "s3cret-Pa55"

    /// How a server is stopped.
    package enum StopMode: String, Sendable {
        /// Connections are ended, and all is written.
        case fast
        /// As by a power cut.
        case immediate
    }

    /// The port on 127.0.0.1.
    package nonisolated let port: Int
    private nonisolated let folder: URL
    private nonisolated let binaries: URL
    private nonisolated let runAs: String
    private nonisolated let admin: PostgresPool
    private var template: Task<String, any Error>?
    private static let lastDatabase = Mutex(0)

    /// A cluster for one test, which it may stop and start.
    ///
    /// It goes with the test process at the latest; `remove()` makes it go sooner.
    package static func own(settings: [String] = []) async throws -> PrivateCluster { try await PrivateCluster(settings: settings) }

    private init(settings: [String]) async throws {
        guard let binaries = ClusterBinaries.folder() else {
            throw ShellRun.Failure(script: "initdb", status: 127, output: "PostgreSQL's server programs are not installed (apt install postgresql)")
        }
        self.binaries = binaries
        // PostgreSQL refuses to run as root.
        self.runAs = getuid() == 0 ? "setpriv --reuid postgres --regid postgres --clear-groups --reset-env " : ""
        self.folder = FileManager.default.temporaryDirectory.appending(path: "kakehashi-pg-\(UUID().uuidString.prefix(8))")
        self.port = try Self.freePort()
        let data = self.folder.appending(path: "data").path
        let control = "\(self.runAs)\(binaries.path)/pg_ctl -D '\(data)'"
        try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
        if getuid() == 0 { try await ShellRun.run("chown postgres '\(self.folder.path)'") }
        try ClusterGuardian.post(for: self.folder, stop: "\(control) -m immediate stop")
        let lines =
            [
                "port = \(self.port)", "listen_addresses = '127.0.0.1'", "unix_socket_directories = ''", "max_connections = 200", "fsync = off",
                "synchronous_commit = off", "full_page_writes = off", "autovacuum_naptime = 5s", "timezone = 'Asia/Tokyo'", "shared_buffers = 64MB",
            ] + settings
        let hba = ["host all locked 127.0.0.1/32 scram-sha-256", "host all all 127.0.0.1/32 trust"]
        try await ShellRun.run(
            """
            set -e
            cd /
            \(self.runAs)\(binaries.path)/initdb -D '\(data)' -U postgres -E UTF8 --locale=C.UTF-8 -A trust --no-sync --no-instructions
            cat >> '\(data)/postgresql.conf' <<'END'
            \(lines.joined(separator: "\n"))
            END
            cat > '\(data)/pg_hba.conf' <<'END'
            \(hba.joined(separator: "\n"))
            END
            \(control) -w -t 60 -l '\(self.folder.path)/log' start
            """)
        var configuration = try PostgresConfiguration(url: "postgresql://postgres@127.0.0.1:\(self.port)/postgres")
        configuration.poolSize = 4
        configuration.statementTimeout = .seconds(120)
        configuration.deadline = .seconds(150)
        self.admin = PostgresPool(configuration: configuration, logger: Logger(label: "test.cluster"))
        try await self.admin.run(
            script: """
                CREATE ROLE kakehashi LOGIN PASSWORD '\(Self.password)';
                CREATE ROLE locked LOGIN PASSWORD '\(Self.password)';
                """)
    }

    /// The connection text of a database of this cluster.
    package nonisolated func url(database: String, port: Int? = nil) -> String {
        "postgresql://kakehashi:\(Self.password)@127.0.0.1:\(port ?? self.port)/\(database)"
    }

    /// Makes a database owned by `kakehashi`, with every migration applied or, with `migrated: false`, empty; its name.
    package func makeDatabase(migrated: Bool = true) async throws -> String {
        let source = migrated ? try await self.migratedTemplate() : "template0"
        return try await self.create(from: source)
    }

    /// Removes a database, whoever is still connected.
    package func drop(database: String) async throws {
        try await self.admin.run(script: "DROP DATABASE IF EXISTS \(database) WITH (FORCE)")
    }

    /// Runs a script as the superuser: what the product may never do, such as ending others' connections.
    package nonisolated func asSuperuser(_ script: String) async throws { try await self.admin.run(script: script) }

    /// Stops the server.
    package func stop(_ mode: StopMode = .fast) async throws {
        try await ShellRun.run("cd /; \(self.control) -m \(mode.rawValue) -w -t 60 stop")
    }

    /// Starts it again, on the same port.
    package func start() async throws {
        try await ShellRun.run("cd /; \(self.control) -w -t 60 -l '\(self.folder.path)/log' start")
    }

    /// Stops the server and removes all of it.
    package func remove() async throws {
        await self.admin.shutdown()
        try? await self.stop(.immediate)
        try await ShellRun.run("rm -rf '\(self.folder.path)'")
    }

    private nonisolated var control: String { "\(self.runAs)\(self.binaries.path)/pg_ctl -D '\(self.folder.path)/data'" }

    /// Migrating takes longer than copying, so it is done once.
    private func migratedTemplate() async throws -> String {
        if let template { return try await template.value }
        let task = Task {
            let name = try await self.create(from: "template0")
            let pool = PostgresPool(configuration: try PostgresConfiguration(url: self.url(database: name)), logger: Logger(label: "test.template"))
            do {
                try await Migrations.migrator(pool: pool).migrate()
            } catch {
                await pool.shutdown()
                throw error
            }
            // A database with connections can't be copied.
            await pool.shutdown()
            try await self.admin.run(script: "ALTER DATABASE \(name) ALLOW_CONNECTIONS false")
            return name
        }
        self.template = task
        return try await task.value
    }

    private func create(from source: String) async throws -> String {
        let number = Self.lastDatabase.withLock { last in
            last += 1
            return last
        }
        let name = "test_\(number)"
        try await self.admin.run(script: "CREATE DATABASE \(name) TEMPLATE \(source) OWNER kakehashi")
        return name
    }

    private static func freePort() throws -> Int {
        let listener = try LoopbackListener()
        defer { listener.close() }
        return listener.port
    }
}
