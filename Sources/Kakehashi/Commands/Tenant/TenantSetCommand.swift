import ArgumentParser
import Postgres
import Runtime
import Store
import Sync

/// `kakehashi tenant set`: changes settings; all of them, or on any mistake none.
struct TenantSetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Change a tenant's settings.",
        discussion: """
            The settings are explained in docs/settings.md.
            Examples:
              kakehashi tenant set acme sweep-minute=17
              kakehashi tenant set acme calls-per-20s=100 concurrent-calls=10
              kakehashi tenant set acme status-field=
            """)

    @Argument(help: "The tenant.")
    var name: String
    @Argument(help: "What to set, such as sweep-minute=17; an empty value is the default of the settings that may be empty.")
    var assignments: [String]

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let environment = Environment.current
        let name = self.name
        let json = try self.output.wantsJSON(environment)
        let settings = try Self.settings(self.assignments)
        let change = try await Workplace.lend(environment: environment) { place in
            try await place.pool.transaction { try await $0.setTenant(named: name, settings) }
        }
        if json {
            try Printer.json(
                .object([
                    ("name", .text(name)), ("changed", .bool(change.isChanged)), ("dropped", .list(change.dropped.map { .text($0) })),
                    ("settings", TenantFacts.settings(change.overrides)),
                ]))
            return
        }
        try Printer.line(change.isChanged ? "The settings of \(name) are changed." : "The settings of \(name) were so already.")
        for key in change.dropped {
            try Printer.line("note: what was stored for \(ScreenText.of(key)) could not be read; it has its default again.")
        }
    }

    /// What is to be set, in its normal spelling; a mistake is told before the database is opened.
    static func settings(_ assignments: [String]) throws(Complaint) -> [String: String] {
        guard !assignments.isEmpty else { throw Complaint("Nothing to set was given; say KEY=VALUE.", ending: .usage) }
        var settings = TenantSettings()
        for assignment in assignments {
            guard let sign = assignment.firstIndex(of: "=") else {
                throw Complaint("\(ScreenText.of(String(assignment.prefix(40)))) is not of the form KEY=VALUE.", ending: .usage)
            }
            do {
                try settings.set(String(assignment[..<sign]), String(assignment[assignment.index(after: sign)...]))
            } catch {
                throw Complaint(error)
            }
        }
        return settings.overrides
    }
}
