package import Foundation
package import Runtime
import Synchronization

/// The programs that this one has started: workers, schedulers, a simulator.
///
/// However it ends, they are stopped, those started last first.
package final class ChildFamily: Sendable {
    /// What the children see unless a start says otherwise.
    package let environment: Environment
    private let programs: URL
    /// Where their logs are; gone when it ends.
    package let directory: URL
    private let children = Mutex<[ChildProcess]>([])
    private let starts = Mutex(0)
    private let deaths: AsyncStream<ChildEnded>
    private let report: AsyncStream<ChildEnded>.Continuation

    private init(programs: URL, directory: URL, environment: Environment) {
        self.programs = programs
        self.directory = directory
        self.environment = environment
        (self.deaths, self.report) = AsyncStream.makeStream()
    }

    /// Lends an empty family to `body`; when that ends, in whatever way, all children are stopped and their files removed.
    ///
    /// - Parameters:
    ///   - programs: where the programs lie; the folder of this one unless given.
    ///   - grace: how long a child may take to stop before it is made to.
    package static func lend<Value: Sendable>(
        environment: Environment, programs: URL = ChildFamily.besideThis, grace: Duration = .seconds(15),
        _ body: (ChildFamily) async throws -> Value
    ) async throws -> Value {
        let directory = FileManager.default.temporaryDirectory.appending(path: "kakehashi-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let family = ChildFamily(programs: programs, directory: directory, environment: environment)
        do {
            let value = try await body(family)
            await family.end(grace: grace)
            return value
        } catch {
            await family.end(grace: grace)
            throw error
        }
    }

    /// Starts a program of ours.
    @discardableResult package func start(
        _ program: String, as name: String, _ arguments: [String] = [], environment changes: [String: String] = [:]
    ) async throws(Complaint) -> ChildProcess {
        let executable = self.programs.appending(path: program)
        guard FileManager.default.isExecutableFile(atPath: executable.path) else {
            throw Complaint("The program \(program) is not beside this one (\(executable.path)); 'swift build' makes it.")
        }
        return try await self.start(
            ChildCommand(name: name, executable: executable, arguments: arguments, environment: self.environment.with(changes)))
    }

    /// Starts one that has ended once more, in the same way.
    @discardableResult package func restart(_ child: ChildProcess) async throws(Complaint) -> ChildProcess {
        try await self.start(child.command)
    }

    /// Never returns as long as every child lives; throws the first `ChildEnded`.
    ///
    /// For one task at a time.
    package func watch() async throws {
        for await death in self.deaths { throw death }
        throw CancellationError()
    }

    /// The last lines of what each child said, for a report of what went wrong.
    package var said: String {
        self.children.withLock { $0 }.map { child in
            "--- \(child.name), \(child.ending.map { "\($0)" } ?? "running"):\n\(child.log.tail(lines: 25))"
        }.joined(separator: "\n")
    }

    /// Where this program lies.
    package static var besideThis: URL {
        (Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])).resolvingSymlinksInPath().deletingLastPathComponent()
    }

    private func start(_ command: ChildCommand) async throws(Complaint) -> ChildProcess {
        let number = self.starts.withLock { starts in
            starts += 1
            return starts
        }
        let file = self.directory.appending(path: "\(command.name.replacing(" ", with: "-"))-\(number).log")
        let child = try await ChildProcess.start(command, log: file) { [report] child, ending in
            report.yield(ChildEnded(name: child.name, ending: ending, log: child.log))
        }
        self.children.withLock { $0.append(child) }
        return child
    }

    private func end(grace: Duration) async {
        for child in self.children.withLock({ $0 }).reversed() { await child.stop(grace: grace) }
        try? FileManager.default.removeItem(at: self.directory)
    }
}
