import Foundation
import Glibc
import Postgres

/// A PgBouncer of the test's own in front of a cluster, pooling by transaction: a connection of the server is a client's for one transaction and then another's.
package struct PgBouncer: Sendable {
    /// The port of 127.0.0.1 that it listens on.
    package let port: Int
    private let process: pid_t
    private let folder: URL

    /// Whether this system has one.
    package static var isThere: Bool { DebianTool.path(of: "pgbouncer") != nil }

    /// Starts one.
    ///
    /// - Parameter connections: how many the server gets to see of each database at most.
    package static func start(before cluster: PrivateCluster, connections: Int) async throws -> PgBouncer {
        let program = DebianTool.path(of: "pgbouncer") ?? "pgbouncer"
        let folder = FileManager.default.temporaryDirectory.appending(path: "kakehashi-pgbouncer-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let port = try FreePort.take()
        let settings = """
            [databases]
            * = host=127.0.0.1 port=\(cluster.port) user=kakehashi
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = \(port)
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            default_pool_size = \(connections)
            max_client_conn = 200
            logfile = \(folder.path)/log
            """
        try Data(settings.utf8).write(to: folder.appending(path: "pgbouncer.ini"))
        // It refuses to run as root, as PostgreSQL does.
        var runAs = ""
        if getuid() == 0 {
            runAs = "setpriv --reuid postgres --regid postgres --clear-groups "
            try await ShellRun.run("chown -R postgres '\(folder.path)'")
        }
        let libraries = program.hasPrefix(DebianTool.folder) ? "LD_LIBRARY_PATH='\(DebianTool.folder)' " : ""
        let process = try ShellRun.spawn("cd / && exec env \(libraries)\(runAs)\(program) '\(folder.path)/pgbouncer.ini'", input: -1, output: -1)
        return PgBouncer(port: port, process: process, folder: folder)
    }

    /// Ends it and removes its folder.
    package func stop() {
        Glibc.kill(self.process, SIGKILL)
        var status: Int32 = 0
        while waitpid(self.process, &status, 0) < 0, errno == EINTR {}
        try? FileManager.default.removeItem(at: self.folder)
    }
}
