import Foundation

/// The commands of `docs/operations.md`, as a person would paste them.
struct RunbookPage {
    /// One of its lines.
    struct Command: Sendable {
        /// Under which heading it stands.
        let section: String
        /// Whether it is for `psql`; else for the shell.
        let isSQL: Bool
        let text: String
    }

    /// In order.
    let commands: [Command]

    init() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/operations.md")
        var (section, fence) = ("", "")
        var commands: [Command] = []
        for line in try String(contentsOf: page, encoding: .utf8).split(separator: "\n") {
            if line.hasPrefix("```") {
                fence = fence.isEmpty ? String(line.dropFirst(3)) : ""
            } else if !fence.isEmpty {
                commands.append(Command(section: section, isSQL: fence == "sql", text: String(line)))
            } else if line.hasPrefix("## ") {
                section = String(line.dropFirst(3))
            }
        }
        self.commands = commands
    }

    /// Those of some sections.
    func commands(of sections: Set<String>) -> [Command] { self.commands.filter { sections.contains($0.section) } }
}
