package import Foundation

/// Where PostgreSQL's programs lie: `KAKEHASHI_TEST_PG_BIN`, else the newest under `/usr/lib/postgresql`, else `PATH`.
package enum ClusterBinaries {
    /// The folder with `initdb`, `postgres` and `pg_ctl`; `nil` when there is none.
    package static func folder() -> URL? {
        let environment = ProcessInfo.processInfo.environment
        if let given = environment["KAKEHASHI_TEST_PG_BIN"] { return URL(fileURLWithPath: given, isDirectory: true) }
        let debian = URL(fileURLWithPath: "/usr/lib/postgresql", isDirectory: true)
        let versions = (try? FileManager.default.contentsOfDirectory(at: debian, includingPropertiesForKeys: nil)) ?? []
        let newestFirst = versions.sorted { (Int($0.lastPathComponent) ?? 0) > (Int($1.lastPathComponent) ?? 0) }
        let path = (environment["PATH"] ?? "").split(separator: ":").map { URL(fileURLWithPath: String($0), isDirectory: true) }
        return (newestFirst.map { $0.appending(path: "bin") } + path).first {
            FileManager.default.isExecutableFile(atPath: $0.appending(path: "initdb").path)
        }
    }
}
