import ArgumentParser
import Foundation
import Postgres
import Runtime
import Store

/// `kakehashi status`: how every tenant, or one, and the workers stand.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "status", abstract: "Show how the sync stands.")

    @Argument(help: "The tenant; all of them when it is left out.")
    var name: String?
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let environment = Environment.current
        let json = try self.output.wantsJSON(environment)
        let name = self.name
        let facts = try await Workplace.lend(environment: environment) { place in
            let tenants = try await place.pool.query(TenantStatusQuery(name: name))
            if let name, tenants.isEmpty { throw TenantError.unknown(name: name) }
            return StatusFacts(tenants: tenants, workers: try await place.pool.query(WorkerStatusQuery()))
        }
        if json {
            try Printer.json(facts.json)
        } else {
            for line in facts.lines(terminal: .output, now: Date()) { try Printer.line(line) }
        }
    }
}
