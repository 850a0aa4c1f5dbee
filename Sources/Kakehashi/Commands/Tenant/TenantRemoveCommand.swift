import ArgumentParser
import Runtime
import Store

/// `kakehashi tenant remove`: forgets a tenant; the team's own records in `crm` stay.
struct TenantRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Forget a tenant: credentials, settings, jobs and what was read for it.",
        discussion: """
            The records in crm are the team's own and stay. Should it be interrupted, run it again.
            Examples:
              kakehashi tenant remove acme
            """)

    @Argument(help: "The tenant.")
    var name: String
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let environment = Environment.current
        let name = self.name
        let json = try self.output.wantsJSON(environment)
        try await Workplace.lend(environment: environment) { try await TenantRegistry(pool: $0.pool).remove(name) }
        if json {
            try Printer.json(.object([("name", .text(name)), ("removed", true)]))
        } else {
            try Printer.line("The tenant \(name) is removed; its contacts and accounts stay.")
        }
    }
}
