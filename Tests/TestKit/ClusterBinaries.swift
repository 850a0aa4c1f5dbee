package import Foundation

/// Where PostgreSQL's programs lie: `KAKEHASHI_TEST_PG_BIN`, else the newest that is new enough under `/usr/lib/postgresql`, else `PATH`.
package enum ClusterBinaries {
    /// The first major version that will do.
    package static let oldest = 15

    /// The folder with `initdb`, `postgres` and `pg_ctl`; `nil` when there is none.
    package static func folder() -> URL? {
        let environment = ProcessInfo.processInfo.environment
        if let given = environment["KAKEHASHI_TEST_PG_BIN"] { return URL(fileURLWithPath: given, isDirectory: true) }
        let debian = URL(fileURLWithPath: "/usr/lib/postgresql", isDirectory: true)
        let versions = (try? FileManager.default.contentsOfDirectory(at: debian, includingPropertiesForKeys: nil)) ?? []
        let newestFirst = versions.compactMap { version in Int(version.lastPathComponent).map { (number: $0, folder: version) } }
            .filter { $0.number >= Self.oldest }.sorted { $0.number > $1.number }.map(\.folder)
        let path = (environment["PATH"] ?? "").split(separator: ":").map { URL(fileURLWithPath: String($0), isDirectory: true) }
        return (newestFirst.map { $0.appending(path: "bin") } + path).first {
            FileManager.default.isExecutableFile(atPath: $0.appending(path: "initdb").path)
        }
    }
}
