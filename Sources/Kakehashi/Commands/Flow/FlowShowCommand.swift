import ArgumentParser
import Foundation
import Postgres
import Runtime
import Store

/// `kakehashi flow show`: the day's calls of every tenant, or of one.
struct FlowShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show how many calls were used, what is kept for which work, and until when which has to wait.",
        discussion: """
            Examples:
              kakehashi flow show
              kakehashi flow show acme --json
            """)

    @Argument(help: "The tenant; all of them when it is left out.")
    var name: String?
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let environment = Environment.current
        let json = try self.output.wantsJSON(environment)
        let name = self.name
        let flows = try await Workplace.lend(environment: environment) { place in
            let flows = try await place.pool.query(CallFlowQuery(name: name)).byTenant
            if let name, flows.isEmpty { throw TenantError.unknown(name: name) }
            return FlowFacts(flows: flows)
        }
        if json {
            try Printer.json(flows.json)
        } else {
            for line in flows.lines(terminal: .output, now: Date()) { try Printer.line(line) }
        }
    }
}
