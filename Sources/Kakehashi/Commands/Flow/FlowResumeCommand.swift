import ArgumentParser
import Postgres
import Runtime
import Store

/// `kakehashi flow resume`: ends a pause for the quota or for a vendor in trouble; the operator knows better.
struct FlowResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "End a pause for the quota, or for Marketo in trouble, now; Marketo's next answer is believed again.",
        discussion: """
            Examples:
              kakehashi flow resume acme
            """)

    @Argument(help: "The tenant; whoever shares its subscription goes on too.")
    var name: String
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let environment = Environment.current
        let json = try self.output.wantsJSON(environment)
        let name = self.name
        let wasPaused = try await Workplace.lend(environment: environment) { place in
            guard let tenant = try await place.pool.first(TenantByName(name: name)) else { throw TenantError.unknown(name: name) }
            return try await CallLedger(pool: place.pool).liftPause(of: tenant.subscription)
        }
        let said = wasPaused ? "The calls of \(name) go on now." : "Nothing held the calls of \(name): no pause for quota or for Marketo in trouble."
        if json {
            try Printer.json(.object([("tenant", .text(name)), ("resumed", .bool(wasPaused)), ("text", .text(said))]))
        } else {
            try Printer.line(ScreenText.of(said))
        }
    }
}
