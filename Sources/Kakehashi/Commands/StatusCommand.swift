import ArgumentParser
import Foundation
import Postgres
import Runtime
import Store
import Sync

/// `kakehashi status`: how every tenant, or one, and the workers stand.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show how the sync stands.",
        discussion: """
            With --watch a screen that is drawn anew every two seconds, with the day's calls, the queue and the workers; ended by Ctrl-C.
            Examples:
              kakehashi status
              kakehashi status acme --json
              kakehashi status --watch
            """)

    @Argument(help: "The tenant; all of them when it is left out.")
    var name: String?
    @Flag(help: "Look again every two seconds, until Ctrl-C.")
    var watch = false
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let environment = Environment.current
        let json = try self.output.wantsJSON(environment)
        let name = self.name
        if try Setting<Bool>.toggle("watch").isOn(flag: self.watch, environment: environment) {
            guard !json else { throw Complaint("--watch draws a screen for people; leave one of --watch and --json out.", ending: .usage) }
            return try await self.look(again: .seconds(2), environment)
        }
        let facts = try await Workplace.lend(environment: environment) { place in
            try await Self.facts(place, name)
        }
        if json {
            try Printer.json(facts.json)
        } else {
            for line in facts.lines(terminal: .output, now: Date()) { try Printer.line(line) }
        }
    }

    private static func facts(_ place: Workplace, _ name: String?) async throws -> StatusFacts {
        let tenants = try await place.pool.query(TenantStatusQuery(name: name))
        if let name, tenants.isEmpty { throw TenantError.unknown(name: name) }
        return StatusFacts(tenants: tenants, workers: try await place.pool.query(WorkerStatusQuery()))
    }

    /// Draws the screen, again and again on a terminal; into a file or a pipe once.
    private func look(again pause: Duration, _ environment: Environment) async throws {
        let name = self.name
        try await Workplace.lend(environment: environment) { place in
            var zones: [String: TimeZone] = [:]
            for tenant in try await TenantRegistry(pool: place.pool).all() {
                zones[tenant.name] = (try? tenant.settings()).flatMap { TimeZone(identifier: $0.timeZone) }
            }
            while true {
                let facts = try await Self.facts(place, name)
                let screen = WatchScreen(
                    facts: facts, depths: try await place.pool.query(QueueDepthQuery(tenant: name)), zones: zones)
                let terminal = Terminal.output
                let lines = screen.lines(terminal: terminal, now: Date(), rows: terminal.isTerminal ? terminal.height : nil)
                // Home, each line to its end, and what was below goes: nothing flickers.
                let text =
                    terminal.isTerminal
                    ? "\u{1b}[H" + lines.map { $0 + "\u{1b}[K" }.joined(separator: "\n") + "\u{1b}[J" : lines.joined(separator: "\n")
                try Printer.line(text)
                guard terminal.isTerminal else { return }
                try await Task.sleep(for: pause)
            }
        }
    }
}
