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
    ///
    /// - Parameter encrypted: whether it also takes TLS, with a certificate of its own making (needs `openssl`).
    package static func own(settings: [String] = [], encrypted: Bool = false) async throws -> PrivateCluster {
        try await PrivateCluster(settings: settings, encrypted: encrypted)
    }

    private init(settings: [String], encrypted: Bool = false) async throws {
        CallersVariables.forget()
        guard let binaries = ClusterBinaries.folder() else {
            throw Self.notNewEnough("PostgreSQL's server programs are not installed, or only older ones are")
        }
        self.binaries = binaries
        // PostgreSQL refuses to run as root.
        self.runAs = getuid() == 0 ? "setpriv --reuid postgres --regid postgres --clear-groups --reset-env " : ""
        self.folder = FileManager.default.temporaryDirectory.appending(path: "kakehashi-pg-\(UUID().uuidString.prefix(8))")
        let data = self.folder.appending(path: "data").path
        let control = "\(self.runAs)\(binaries.path)/pg_ctl -D '\(data)'"
        try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
        if getuid() == 0 { try await ShellRun.run("chown postgres '\(self.folder.path)'") }
        try ClusterGuardian.post(for: self.folder, stop: "\(control) -m immediate stop")
        let lines =
            [
                "listen_addresses = '127.0.0.1'", "unix_socket_directories = ''", "max_connections = 200", "fsync = off",
                "synchronous_commit = off", "full_page_writes = off", "autovacuum_naptime = 5s", "timezone = 'Asia/Tokyo'", "shared_buffers = 64MB",
            ] + settings + (encrypted ? ["ssl = on"] : [])
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
            """)
        if encrypted {
            try await ShellRun.run(
                """
                cd / && \(self.runAs)openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
                    -keyout '\(data)/server.key' -out '\(data)/server.crt' && chmod 600 '\(data)/server.key'
                """)
        }
        self.port = try await Self.start("cd /; \(control) -w -t 60 -l '\(self.folder.path)/log'")
        var configuration = try PostgresConfiguration(url: "postgresql://postgres@127.0.0.1:\(self.port)/postgres")
        configuration.poolSize = 4
        configuration.statementTimeout = .seconds(120)
        configuration.deadline = .seconds(150)
        self.admin = PostgresPool(configuration: configuration, logger: Logger(label: "test.cluster"))
        let version = try await self.admin.connection { $0.serverVersion }
        if version < ClusterBinaries.oldest * 10_000 { throw Self.notNewEnough("These programs are of version \(version / 10_000)") }
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
        try await ShellRun.run("cd /; \(self.control) -w -t 60 -l '\(self.folder.path)/log' -o '-p \(self.port)' start")
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

    /// Starts a server for the first time, on a port that it turns out to get.
    ///
    /// The port is below the range that the kernel gives to outgoing connections: none of those may have taken it when the server starts again.
    private static func start(_ control: String) async throws -> Int {
        for attempt in 1... {
            let port = Int.random(in: 20_000..<32_000)
            do {
                try await ShellRun.run("\(control) -o '-p \(port)' start")
                return port
            } catch let failure as ShellRun.Failure {
                // Somebody else may have that port; eight times in a row it is something else.
                if attempt == 8 { throw failure }
            }
        }
        preconditionFailure("an endless loop has ended")
    }

    private static func notNewEnough(_ what: String) -> ShellRun.Failure {
        let need = "PostgreSQL \(ClusterBinaries.oldest) or newer is needed (apt install postgresql)"
        return ShellRun.Failure(script: "initdb", status: 127, output: "\(what); \(need)")
    }
}
