import ArgumentParser
import Marketo
import Postgres
import Runtime
import Store
import Sync

/// `kakehashi tenant test`: the connection, each permission, the fields and the quota, a line each.
struct TenantTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Test a tenant's connection, permissions, fields and quota.",
        discussion: """
            Makes at most four calls that count.
            Examples:
              kakehashi tenant test acme
              kakehashi tenant test acme --json
            """)

    @Argument(help: "The tenant.")
    var name: String
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let environment = Environment.current
        let json = try self.output.wantsJSON(environment)
        let name = self.name
        let report = try await Workplace.lend(environment: environment) { try await TenantDesk(place: $0).test(name) }
        if json {
            try Printer.json(.object([("ok", .bool(report.isOK)), ("checks", TenantFacts.checks(report.checks))]))
        } else {
            let terminal = Terminal.output
            for check in report.checks {
                let mark =
                    check.isOK
                    ? (check.code == "ok" ? terminal.paint("ok  ", .green) : terminal.paint("note", .yellow)) : terminal.paint("FAIL", .red)
                try Printer.line("\(mark)  \(check.name.rawValue.padding(to: 24))  \(check.text)")
            }
        }
        guard !report.isOK else { return }
        let failed = report.checks.filter { !$0.isOK }.map(\.name.rawValue).joined(separator: ", ")
        throw Complaint("Not as it should be: \(failed).", ending: report.ending)
    }
}

extension String {
    /// The text with spaces behind it, at least `columns` wide.
    func padding(to columns: Int) -> String { self + String(repeating: " ", count: max(0, columns - CellWidth.of(self))) }
}
