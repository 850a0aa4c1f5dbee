package import ArgumentParser
import Foundation

/// Runs a command line and ends the process: one place for exit codes and for what a person reads when something is wrong.
///
/// What went wrong is always one sentence on standard error, with the program's name before it. Help goes to standard output, exit code 0.
package enum CommandEntry {
    /// Parses `arguments` (the process's own when nil), runs the command, and exits.
    package static func run<Command: AsyncParsableCommand>(_ command: Command.Type, arguments: [String]? = nil) async -> Never {
        // A reader that goes away (`kakehashi status | head -1`) shows as a failed write, not as a process ended by a signal.
        signal(SIGPIPE, SIG_IGN)
        let parsed: any ParsableCommand
        do {
            parsed = try Command.parseAsRoot(arguments)
        } catch {
            Self.leave(Command.self, parsing: error)
        }
        do {
            if var asynchronous = parsed as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                var plain = parsed
                try plain.run()
            }
            exit(Ending.done.rawValue)
        } catch let error where Self.isTheParsers(error) {
            Self.leave(Command.self, parsing: error)
        } catch {
            let complaint = Complaint(error)
            Self.say("\(Self.name(Command.self)): \(complaint.sentence)\n")
            exit(complaint.ending.rawValue)
        }
    }

    /// Whether the parser threw it, as it does from within a command that only has subcommands; the type itself is not to be named.
    private static func isTheParsers(_ error: any Error) -> Bool { String(reflecting: type(of: error)).hasPrefix("ArgumentParser.") }

    /// What the parser has to say: help as it is, a mistake as one sentence and where to read on.
    private static func leave<Command: ParsableCommand>(_ command: Command.Type, parsing error: any Error) -> Never {
        let code = Command.exitCode(for: error)
        guard code != .success else {
            let text = Command.fullMessage(for: error)
            if !text.isEmpty { try? FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8)) }
            exit(Ending.done.rawValue)
        }
        if let code = error as? ExitCode { exit(code.rawValue) }
        Self.say("\(Self.name(Command.self)): \(Self.sentence(Command.message(for: error))) See '\(Self.name(Command.self)) --help'.\n")
        exit(Ending.usage.rawValue)
    }

    /// The parser's message as one sentence on one line.
    static func sentence(_ message: String) -> String {
        let line = message.split(whereSeparator: \.isNewline).joined(separator: " ")
        guard let last = line.last else { return "The call is not understood." }
        return ".?!".contains(last) ? line : line + "."
    }

    private static func name<Command: ParsableCommand>(_ command: Command.Type) -> String {
        command.configuration.commandName ?? "kakehashi"
    }

    private static func say(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}
