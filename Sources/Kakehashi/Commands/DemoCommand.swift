import ArgumentParser
import Foundation
import Runtime

/// `kakehashi demo`: everything on one machine; see `bin/demo`, which also brings a database.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Show a full load and live changes against Marketo's stand-in, and compare both sides.",
        discussion:
            """
            Starts simulator, workers and schedulers beside this program and stops them again. Needs a database of its own, which bin/demo makes; one \
            with other tenants is refused.
            Examples:
              kakehashi demo
              kakehashi demo --leads 100000
            """)

    @Option(help: "Leads to begin with. (default: 10000)")
    var leads: String?
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let environment = Environment.current
        let leads = try Setting<Int>.number("leads", in: 1...2_000_000, fallback: 10_000).value(flag: self.leads, environment: environment)
        let json = try self.output.wantsJSON(environment)
        let words = Words(environment: environment)
        let demo = Demo(leads: leads, environment: environment, words: words, say: { Narrator.toStandardError($0 + "\n") })
        let report = try await UntilStopped.run { try await demo.run() }
        if json {
            try Printer.json(report.json)
        } else {
            for line in report.lines(words) { try Printer.line(line) }
        }
        guard report.problems(words).isEmpty else {
            throw Complaint(Terminal.error.paint(words.pick("The demo did not end as it should.", "デモは正しく終了しませんでした。"), .red))
        }
    }
}
