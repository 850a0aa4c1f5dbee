import ArgumentParser
import Runtime
import Store

/// `kakehashi tenant resume`: lets the jobs of a paused tenant go on.
struct TenantResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Let the jobs of a paused tenant go on.",
        discussion: """
            Examples:
              kakehashi tenant resume acme
            """)

    @Argument(help: "The tenant.")
    var name: String
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let environment = Environment.current
        let name = self.name
        let json = try self.output.wantsJSON(environment)
        let said = try await Workplace.lend(environment: environment) { try await TenantRegistry(pool: $0.pool).resume(name) }
        if json {
            try Printer.json(.object([("name", .text(name)), ("text", .text(said))]))
        } else {
            try Printer.line(ScreenText.of(said))
        }
    }
}
