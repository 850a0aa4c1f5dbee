import ArgumentParser
import Runtime

/// `kakehashi tenant start`: begins what `tenant add --no-start` stored.
struct TenantStartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Start a tenant that was stored with --no-start.",
        discussion: """
            Examples:
              kakehashi tenant start acme
            """)

    @Argument(help: "The tenant.")
    var name: String
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let environment = Environment.current
        let name = self.name
        let json = try self.output.wantsJSON(environment)
        let started = try await Workplace.lend(environment: environment) { try await TenantDesk(place: $0).start(name) }
        if json {
            try Printer.json(.object([("name", .text(name)), ("started_full_load", .bool(started))]))
        } else {
            try Printer.line(started ? "The full load of \(name) has begun." : "The tenant \(name) had been started before; nothing changed.")
        }
    }
}
