import ArgumentParser
import Runtime
import Store

/// `kakehashi tenant pause`: holds all jobs of a tenant; none is touched, none is lost.
struct TenantPauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "pause", abstract: "Hold all jobs of a tenant until it is resumed.")

    @Argument(help: "The tenant.")
    var name: String

    func run() async throws {
        let name = self.name
        let said = try await Workplace.lend { try await TenantRegistry(pool: $0.pool).pause(name) }
        Printer.line(ScreenText.of(said))
    }
}
