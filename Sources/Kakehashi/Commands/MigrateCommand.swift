import ArgumentParser
import Migrations
import Postgres
import Runtime

/// `kakehashi migrate`: brings the database's schema up to date.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Bring the database's schema up to date.",
        discussion: """
            Safe to run from ten machines at once, and again when nothing is left to do; processes of the release before go on working meanwhile.
            Examples:
              kakehashi migrate --dry-run
              kakehashi migrate
            """)

    @Flag(name: .customLong("dry-run"), help: "Only tell what would be done.")
    var dryRun = false
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let environment = Environment.current
        let json = try self.output.wantsJSON(environment)
        let onlyTells = try Setting<Bool>.toggle("dry-run").isOn(flag: self.dryRun, environment: environment)
        let (names, breaking) = try await Workplace.lendUnchecked(environment: environment) { place in
            let migrator = Migrations.migrator(pool: place.pool)
            guard onlyTells else { return (try await migrator.migrate(), Set<String>()) }
            let pending = try await migrator.pending()
            return (pending.map(\.name), Set(pending.filter(\.breaking).map(\.name)))
        }
        if json {
            try Printer.json(.object([(onlyTells ? "pending" : "applied", .list(names.map { .text($0) }))]))
        } else if names.isEmpty {
            try Printer.line("The schema is up to date.")
        } else {
            for name in names {
                let warning = breaking.contains(name) ? "  (breaking: stop all processes first)" : ""
                try Printer.line("\(onlyTells ? "pending" : "applied")  \(name)\(warning)")
            }
        }
    }
}
