import Foundation
package import Logging

/// Which log lines are written, and how they look.
package struct LogSettings: Sendable, Equatable {
    /// The least urgent level that is written.
    package let level: Logger.Level
    /// Text for people, JSON for machines.
    package let format: LogFormat

    /// Reads `LOG_LEVEL` (default `fallback`) and `LOG_FORMAT` (default `text` on a terminal, else `json`).
    package init(environment: Environment, onTerminal: Bool, fallback: Logger.Level = .info) throws(Complaint) {
        self.level = try Self.word(VariableName.logLevel, in: environment) ?? fallback
        self.format = try Self.word(VariableName.logFormat, in: environment) ?? (onTerminal ? .text : .json)
    }

    /// Sets up logging for the whole process, to standard error.
    ///
    /// Call once, first thing.
    ///
    /// - Returns: the process's own logger.
    package func bootstrap(label: String) -> Logger {
        let settings = self
        LoggingSystem.bootstrap { label in
            LineLogHandler(label: label, level: settings.level, format: settings.format) { line in
                // A full disk or a closed pipe must not end the process for want of a log line.
                try? FileHandle.standardError.write(contentsOf: Data(line.utf8))
            }
        }
        return Logger(label: label)
    }

    private static func word<Value: RawRepresentable & CaseIterable>(
        _ variable: String, in environment: Environment
    ) throws(Complaint) -> Value? where Value.RawValue == String {
        guard let text = environment[variable] else { return nil }
        if let value = Value(rawValue: text.lowercased()) { return value }
        let words = Value.allCases.map(\.rawValue).joined(separator: ", ")
        throw Complaint("\(variable) is \(ValueShape(text)), but must be one of \(words).", ending: .usage)
    }
}
