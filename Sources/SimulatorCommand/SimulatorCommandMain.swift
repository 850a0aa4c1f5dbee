import ArgumentParser
import Foundation
import Logging
import Simulator

/// `simulator`: a local stand-in for Marketo.
///
/// Prints one line when it answers, and serves until SIGTERM or SIGINT.
@main
struct SimulatorCommandMain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulator", abstract: "A local stand-in for the Marketo REST API, for demos and tests. See docs/simulator.md.")

    @Option(help: "Port on loopback; 0 takes a free one.") var port = 0
    @Option(help: "Address to listen on.") var host = "127.0.0.1"
    @Option(help: "Leads to begin with.") var leads = 0
    @Option(help: "The same seed gives the same leads.") var seed: UInt64 = 1
    @Option(help: "Share of lead ids in use, over 0 up to 1.") var density = 1.0
    @Option(help: "The lowest lead id.") var firstId: Int64 = 1
    @Option(help: "The simulated time to begin with, ISO 8601; the machine's when absent.") var now: String?
    @Option(help: "Simulated seconds for each real one; 0 stands still.") var clockSpeed = 1.0
    @Option(help: "Calls in any 20 s; 0 switches the limit off.") var callsPer20s = 100
    @Option(help: "Calls at once; 0 switches the limit off.") var atOnce = 10
    @Option(help: "Calls a day; 0 switches the limit off.") var callsPerDay = 50_000
    @Flag(help: "No limit at all.") var noLimits = false
    @Option(help: "Random live changes a second.") var life = 0.0
    @Option(help: "Client id to accept.") var clientId = APIClient.standard.id
    @Option(help: "Client secret to accept.") var clientSecret = APIClient.standard.secret
    @Flag(help: "Stop when the process that started this one is gone.") var withParent = false

    static func main() async {
        let flags = EnvironmentFlags(Array(CommandLine.arguments.dropFirst()), environment: ProcessInfo.processInfo.environment)
        do {
            let command = try Self.parse(flags.arguments)
            try await command.run()
        } catch {
            let code = Self.exitCode(for: error)
            let text = flags.naming(Self.fullMessage(for: error)) + "\n"
            (code == .success ? FileHandle.standardOutput : FileHandle.standardError).write(Data(text.utf8))
            Foundation.exit(code.rawValue)
        }
    }

    func validate() throws {
        guard self.density > 0, self.density <= 1 else { throw ValidationError("--density is a number over 0 up to 1.") }
        guard self.leads >= 0, (1...1 << 52).contains(self.firstId) else { throw ValidationError("--leads is 0 or more, --first-id 1 up to 2^52.") }
        guard self.now.map({ CivilTime.seconds(parsing: $0) != nil }) ?? true else { throw ValidationError("--now is an ISO 8601 time.") }
    }

    func run() async throws {
        let signals = StopSignals()
        var configuration = SimulatorConfiguration(leads: self.leads, seed: self.seed)
        configuration.host = self.host
        configuration.port = self.port
        configuration.seed.density = self.density
        configuration.seed.firstID = self.firstId
        configuration.now = self.now.flatMap { CivilTime.seconds(parsing: $0) }
        configuration.clockSpeed = self.clockSpeed
        configuration.limits =
            self.noLimits
            ? .off : Limits(callsPerWindow: Self.limit(self.callsPer20s), atOnce: Self.limit(self.atOnce), callsPerDay: Self.limit(self.callsPerDay))
        configuration.clients = [APIClient(id: self.clientId, secret: self.clientSecret, user: APIClient.standard.user)]
        var logger = Logger(label: "simulator") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .warning
        let simulator = try await Simulator.start(configuration, logger: logger)
        if self.life > 0 { simulator.live(LifeSetting(perSecond: self.life)) }
        FileHandle.standardOutput.write(Data("listening on \(simulator.baseURL)\n".utf8))
        let parent = self.withParent ? getppid() : nil
        await withTaskGroup { group in
            group.addTask { await signals.wait() }
            group.addTask { await simulator.run() }
            if let parent {
                group.addTask { while !Task.isCancelled, getppid() == parent { try? await Task.sleep(for: .milliseconds(500)) } }
            }
            _ = await group.next()
            group.cancelAll()
        }
        await simulator.stop()
    }

    private static func limit(_ value: Int) -> Int? { value > 0 ? value : nil }
}
