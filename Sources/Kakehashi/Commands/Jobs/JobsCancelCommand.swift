import ArgumentParser
import Runtime
import Store

/// `kakehashi jobs cancel`: calls jobs off; one that runs is told, and ends as cancelled unless it is done first.
struct JobsCancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Call jobs off; one that runs is told.",
        discussion: """
            Examples:
              kakehashi jobs cancel 4711 4712
            """)

    @Argument(help: "The jobs' numbers.")
    var ids: [Int64]
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await JobOrders.run(self.ids, output: self.output, environment: .current) { CancelJob(id: $0) }
    }
}
