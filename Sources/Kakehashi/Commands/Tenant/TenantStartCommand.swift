import ArgumentParser
import Runtime

/// `kakehashi tenant start`: begins what `tenant add --no-start` stored.
struct TenantStartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "start", abstract: "Start a tenant that was stored with --no-start.")

    @Argument(help: "The tenant.")
    var name: String

    func run() async throws {
        let name = self.name
        let started = try await Workplace.lend { try await TenantDesk(place: $0).start(name) }
        Printer.line(started ? "The full load of \(name) has begun." : "The tenant \(name) had been started before; nothing changed.")
    }
}
