import ArgumentParser
import Runtime
import Store

/// `kakehashi jobs bury`: lays jobs aside as dead, until somebody retries or cancels them.
struct JobsBuryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bury", abstract: "Lay jobs aside as dead, until somebody retries or cancels them.",
        discussion: """
            Examples:
              kakehashi jobs bury 4711
            """)

    @Argument(help: "The jobs' numbers.")
    var ids: [Int64]
    @Option(help: "Why. (default: buried by an operator)")
    var reason: String?
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let environment = Environment.current
        let reason = try Setting<String?>.text("reason").value(flag: self.reason, environment: environment) ?? "buried by an operator"
        try await JobOrders.run(self.ids, output: self.output, environment: environment) { BuryJob(id: $0, reason: reason) }
    }
}
