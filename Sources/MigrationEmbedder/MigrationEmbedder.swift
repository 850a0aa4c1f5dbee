import Foundation

/// Builds `migrations/*.sql` into the program: reads the folder, writes one Swift file.
///
/// - Shape: `MigrationEmbedder OUTPUT FOLDER`. A folder that is not there has no migrations.
/// - Ends: a file that is misnamed, doubled in number, or not UTF-8 stops the build with a sentence.
@main
struct MigrationEmbedder {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count == 3 else { Self.stop("usage: MigrationEmbedder OUTPUT FOLDER") }
        let folder = URL(fileURLWithPath: arguments[2], isDirectory: true)
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        var names: [Int: String] = [:]
        var text = "// Made by MigrationEmbedder from migrations/*.sql.\npackage import Postgres\n\nextension Migrations {\n"
        text += "    /// Every migration of `migrations/`, in order.\n    package static let all: [Migration] = [\n"
        for file in files.filter({ $0.pathExtension == "sql" }).sorted(by: { $0.lastPathComponent < $1.lastPathComponent }) {
            let name = file.deletingPathExtension().lastPathComponent
            guard name.wholeMatch(of: /[0-9]{4}_[a-z0-9_]+/) != nil, let number = Int(name.prefix(4)) else {
                Self.stop("\(file.path): error: a migration is named like 0001_jobs.sql")
            }
            if let other = names.updateValue(name, forKey: number) { Self.stop("\(file.path): error: \(other) has the same number") }
            guard let data = try? Data(contentsOf: file), let sql = String(data: data, encoding: .utf8) else {
                Self.stop("\(file.path): error: can't be read as UTF-8")
            }
            text += Self.entry(number: number, name: name, sql: sql)
        }
        text += "    ]\n}\n"
        do { try text.write(toFile: arguments[1], atomically: true, encoding: .utf8) } catch { Self.stop("\(arguments[1]): error: \(error)") }
    }

    /// One element of the list, its text in a raw literal with more `#`s than any run of them in the text.
    private static func entry(number: Int, name: String, sql: String) -> String {
        let lines = sql.split(separator: "\n", omittingEmptySubsequences: false).map { $0.hasSuffix("\r") ? $0.dropLast() : $0 }
        let breaking = lines.first?.trimmingCharacters(in: .whitespaces) == "--! breaking"
        let longestRun = sql.split { $0 != "#" }.map(\.count).max() ?? 0
        let fence = String(repeating: "#", count: longestRun + 1)
        return """
                    Migration(
                        number: \(number), name: "\(name)",
                        sql: \(fence)\"\"\"
            \(lines.joined(separator: "\n"))
            \"\"\"\(fence), breaking: \(breaking)),

            """
    }

    private static func stop(_ sentence: String) -> Never {
        FileHandle.standardError.write(Data("\(sentence)\n".utf8))
        exit(1)
    }
}
