import ArgumentParser
import Runtime
import Store

/// `kakehashi tenant pause`: holds all jobs of a tenant; none is touched, none is lost.
struct TenantPauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Hold all jobs of a tenant until it is resumed.",
        discussion: """
            Examples:
              kakehashi tenant pause acme
            """)

    @Argument(help: "The tenant.")
    var name: String
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let environment = Environment.current
        let name = self.name
        let json = try self.output.wantsJSON(environment)
        let said = try await Workplace.lend(environment: environment) { try await TenantRegistry(pool: $0.pool).pause(name) }
        if json {
            try Printer.json(.object([("name", .text(name)), ("text", .text(said))]))
        } else {
            try Printer.line(ScreenText.of(said))
        }
    }
}
