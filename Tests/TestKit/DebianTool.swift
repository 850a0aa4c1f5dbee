import Foundation

/// A program of one of Debian's packages, as `bin/test` has fetched it, or as it is installed.
package enum DebianTool {
    /// Where the fetched ones lie.
    package static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: ".build/tools").path

    /// Where `name` is; nil where this system has none.
    package static func path(of name: String) -> String? {
        [self.folder, "/usr/bin", "/usr/sbin"].map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
