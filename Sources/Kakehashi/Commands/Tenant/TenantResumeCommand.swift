import ArgumentParser
import Runtime
import Store

/// `kakehashi tenant resume`: lets the jobs of a paused tenant go on.
struct TenantResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "resume", abstract: "Let the jobs of a paused tenant go on.")

    @Argument(help: "The tenant.")
    var name: String

    func run() async throws {
        let name = self.name
        let said = try await Workplace.lend { try await TenantRegistry(pool: $0.pool).resume(name) }
        Printer.line(ScreenText.of(said))
    }
}
