import Foundation

/// Prometheus' own checker, as `bin/test` has fetched it from Debian's package.
package enum Promtool {
    /// Where it is; nil where this system has none.
    package static var path: String? { DebianTool.path(of: "promtool") }

    /// What it has against `input`; empty when nothing.
    package static func complaints(_ arguments: [String], about input: String = "") throws -> String {
        guard let path = self.path else { return "promtool is not there" }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        let file = FileManager.default.temporaryDirectory.appending(path: "promtool-\(UUID().uuidString)")
        try Data(input.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let pipe = Pipe()
        process.standardInput = try FileHandle(forReadingFrom: file)
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return process.terminationStatus == 0 ? "" : "exit \(process.terminationStatus): \(said)"
    }
}
