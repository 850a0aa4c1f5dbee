import Foundation

/// The settings that a process was started with, apart from its flags.
///
/// A value, so that a test brings its own. An empty variable counts as not set: compose files and shells make them by accident.
package struct Environment: Sendable, Equatable {
    private let values: [String: String]

    /// Exactly these variables.
    package init(_ values: [String: String]) {
        self.values = values
    }

    /// What this process was started with.
    package static var current: Environment { Environment(ProcessInfo.processInfo.environment) }

    /// The value of `name`; nil when it is not set or empty.
    package subscript(name: String) -> String? {
        guard let value = self.values[name], !value.isEmpty else { return nil }
        return value
    }

    /// The same with other values for some variables.
    package func with(_ changes: [String: String]) -> Environment {
        Environment(self.values.merging(changes) { _, new in new })
    }

    /// Every variable, for a child process.
    package var all: [String: String] { self.values }
}
