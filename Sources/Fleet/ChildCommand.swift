package import Foundation
package import Runtime

/// What it takes to start a program, and to start it again.
package struct ChildCommand: Sendable {
    /// What people call it, such as "worker 1".
    package let name: String
    /// The program.
    package let executable: URL
    /// Its flags.
    package let arguments: [String]
    /// All the variables it sees.
    package let environment: Environment
    /// What it reads from standard input; nothing unless given.
    package let input: URL?

    /// Nothing is started yet.
    package init(name: String, executable: URL, arguments: [String] = [], environment: Environment, input: URL? = nil) {
        self.name = name
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.input = input
    }
}
