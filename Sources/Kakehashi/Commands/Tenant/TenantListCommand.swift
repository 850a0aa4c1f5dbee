import ArgumentParser
import Runtime
import Store

/// `kakehashi tenant list`: who is set up.
struct TenantListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the tenants.",
        discussion: """
            Examples:
              kakehashi tenant list
              kakehashi tenant list --json
            """)

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let environment = Environment.current
        let json = try self.output.wantsJSON(environment)
        let tenants = try await Workplace.lend(environment: environment) { try await TenantRegistry(pool: $0.pool).all() }
        if json {
            try Printer.json(TenantFacts.list(tenants))
            return
        }
        guard !tenants.isEmpty else {
            try Printer.line("No tenant is set up yet; see 'kakehashi tenant add --help'.")
            return
        }
        var table = Table([("NAME", .left), ("ENDPOINT", .left), ("STARTED", .left), ("SETTINGS", .left)])
        for tenant in tenants {
            let settings = tenant.overrides.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
            table.add([tenant.name, tenant.endpoint, tenant.startedAt.map { Timestamp.text($0) } ?? "not yet", settings])
        }
        for line in table.lines(columns: Terminal.output.width) { try Printer.line(line) }
    }
}
