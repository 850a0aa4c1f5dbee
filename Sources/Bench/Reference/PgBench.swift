import Fleet
import Foundation
import Postgres
import Runtime

/// `pgbench`, which comes with PostgreSQL, running bare statements beside us: what the machine and the server give.
struct PgBench: Sendable {
    /// What it runs: a file of `Benchmarks/`.
    enum Script: String, Sendable {
        /// Takes a hundred rows and completes them.
        case claimAndComplete = "claim-complete-100"
        /// A thousand rows in a statement.
        case insertMany = "insert-1000"
        /// A row in a statement.
        case insertOne = "insert-1"

        /// How its statements travel.
        ///
        /// The ids of claimed rows as values of a prepared statement. New rows as text that is new each time, as those who insert many have it: a
        /// prepared statement of a thousand constants would send nothing at all.
        var protocolName: String { self == .insertMany ? "simple" : "prepared" }

        /// How many rows a run of it deals with.
        var rows: Int {
            switch self {
            case .claimAndComplete: 100
            case .insertMany: 1_000
            case .insertOne: 1
            }
        }
    }

    /// Where the scripts are.
    let scripts: URL
    let program: URL
    let database: BenchDatabase

    /// Looks for the program and the scripts.
    ///
    /// - Ends: `Complaint` naming what is missing.
    init(scripts: String, database: BenchDatabase) throws(Complaint) {
        self.scripts = URL(fileURLWithPath: scripts)
        guard FileManager.default.fileExists(atPath: self.scripts.appending(path: "schema.sql").path) else {
            throw Complaint("The reference's statements are not in \(scripts); give their folder with --scripts.", ending: .usage)
        }
        guard let program = Self.find() else {
            throw Complaint("pgbench is not on this machine; it comes with PostgreSQL's server (Debian: postgresql).")
        }
        self.program = program
        self.database = database
    }

    /// The reference's table, empty or with so many rows that wait.
    func prepare(rows: Int) async throws {
        try await self.database.pool.run(script: String(contentsOf: self.scripts.appending(path: "schema.sql"), encoding: .utf8))
        if rows > 0 { try await self.database.pool.execute(FillBare(rows: rows)) }
        try await self.database.pool.run(script: "VACUUM (ANALYZE) bench.job")
        try? await self.database.pool.run(script: "CHECKPOINT")
    }

    /// Rows a second, by so many clients that deal with so many rows together.
    func run(_ script: Script, rows: Int, clients: Int) async throws -> Double {
        let file = FileManager.default.temporaryDirectory.appending(path: "kakehashi-pgbench-\(UUID().uuidString.prefix(8)).log")
        defer { try? FileManager.default.removeItem(at: file) }
        let command = ChildCommand(
            name: "pgbench", executable: self.program,
            arguments: [
                "-n", "-M", script.protocolName, "-c", "\(clients)", "-j", "\(clients)", "-t", "\(max(1, rows / script.rows / clients))", "-f",
                self.scripts.appending(path: "\(script.rawValue).sql").path,
            ], environment: self.database.environment.with(self.database.pool.configuration.libpqVariables))
        let child = try await ChildProcess.start(command, log: file)
        let ending = await child.ended()
        let said = child.log.text
        guard ending == .exited(0), let line = said.split(separator: "\n").first(where: { $0.hasPrefix("tps = ") }),
            let perSecond = line.split(separator: " ").dropFirst(2).first.flatMap({ Double($0) })
        else { throw Complaint("pgbench did not come to its end:\n\(child.log.tail(lines: 10))") }
        return perSecond * Double(script.rows)
    }

    private static func find() -> URL? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let debian = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        let newest = debian.compactMap { Int($0) }.sorted(by: >).map { "/usr/lib/postgresql/\($0)/bin" }
        return (newest + path.split(separator: ":").map(String.init)).map { URL(fileURLWithPath: $0).appending(path: "pgbench") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }
}
