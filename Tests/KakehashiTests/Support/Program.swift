import Fleet
import Foundation
import Runtime

/// One run of the real `kakehashi` program or another of ours, as a person or a script would see it.
struct Program: Sendable {
    /// What it wrote to standard output.
    let output: String
    /// What it wrote to standard error.
    let errors: String
    /// Its exit code.
    let code: Int32

    /// Runs `kakehashi` with exactly this environment, `input` on its standard input.
    ///
    /// - Parameter output: where it writes to instead of a file that is read afterwards.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], input: String = "", output: String? = nil, program: String = "kakehashi"
    ) async throws -> Program {
        let directory = FileManager.default.temporaryDirectory.appending(path: "kakehashi-run-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let files = ["in", "out", "err"].map { directory.appending(path: $0) }
        try Data(input.utf8).write(to: files[0])
        let command = ChildCommand(
            name: "kakehashi", executable: Self.executable(program), arguments: arguments, environment: Environment(environment), input: files[0])
        let child = try await ChildProcess.start(command, log: output.map { URL(fileURLWithPath: $0) } ?? files[1], errors: files[2])
        guard case .exited(let code) = await child.ended(within: .seconds(120)) else {
            child.kill()
            throw Complaint("kakehashi \(arguments.joined(separator: " ")) did not end by itself.")
        }
        return Program(
            output: output == nil ? try String(contentsOf: files[1], encoding: .utf8) : "", errors: try String(contentsOf: files[2], encoding: .utf8),
            code: code)
    }

    /// Beside the test bundle, where the build puts it.
    private static func executable(_ program: String) -> URL {
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: bundle).deletingLastPathComponent().appending(path: program)
    }
}
