import ArgumentParser
import Testing

@testable import Kakehashi

/// `--help` teaches: every command has examples, and each of them is a call that the command takes.
@Suite struct HelpTests {
    /// All commands, the groups of commands among them.
    private static func commands(of root: any ParsableCommand.Type = KakehashiCommand.self) -> [any ParsableCommand.Type] {
        [root] + root.configuration.subcommands.flatMap { Self.commands(of: $0) }
    }

    @Test func `every command shows examples, and each is taken as it stands`() throws {
        let commands = Self.commands()
        #expect(commands.count > 24)
        for command in commands {
            let help = KakehashiCommand.helpMessage(for: command, columns: 400)
            let examples = help.split(separator: "\n").map { $0.drop { $0 == " " } }.filter { $0.hasPrefix("kakehashi ") }
            #expect(help.contains("Examples:") && !examples.isEmpty, "\(command)")
            for example in examples {
                let words = example.split(separator: " ").dropFirst().map(String.init)
                do { _ = try KakehashiCommand.parseAsRoot(words) } catch {
                    // A script for a shell is no mistake either.
                    #expect(KakehashiCommand.exitCode(for: error) == .success, "\(example): \(KakehashiCommand.message(for: error))")
                }
            }
        }
    }
}
