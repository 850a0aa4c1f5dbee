import ArgumentParser
import Runtime
import Store

/// `kakehashi tenant remove`: forgets a tenant; the team's own records in `crm` stay.
struct TenantRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Forget a tenant: credentials, settings, jobs and what was read for it.",
        discussion: "The records in crm are the team's own and stay. Should it be interrupted, run it again.")

    @Argument(help: "The tenant.")
    var name: String

    func run() async throws {
        let name = self.name
        try await Workplace.lend { try await TenantRegistry(pool: $0.pool).remove(name) }
        Printer.line("The tenant \(name) is removed; its contacts and accounts stay.")
    }
}
