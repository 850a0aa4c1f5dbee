import ArgumentParser
import Foundation
import Runtime

/// `bench all`: every target, in one table.
struct AllBenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "all", abstract: "Measure everything that has a target, and print the table.",
        discussion: """
            Needs DATABASE_URL, of a database of its own: the queue in it is emptied. Nothing else should run on the machine. Takes about an hour, half of \
            it the soak; --soak-minutes 0 and fewer --leads make it short.
            """)

    @Option(help: "Jobs of a draining. (default: 200000)")
    var jobs: String?
    @Option(help: "Leads of the full load without limits; 0: none. (default: 1000000)")
    var leads: String?
    @Option(help: "Leads of the full load with Marketo's limits; 0: none. (default: 100000)")
    var limitedLeads: String?
    @Option(help: "Minutes of a steady stream; 0: none. (default: 30)")
    var soakMinutes: String?
    @OptionGroup var rounds: RoundOptions

    func run() async throws {
        let environment = Environment.current
        let number = WholeNumbers(environment: environment)
        let (jobs, leads) = (try number("jobs", self.jobs, 1_000...10_000_000, 200_000), try number("leads", self.leads, 0...5_000_000, 1_000_000))
        let limited = try number("limited-leads", self.limitedLeads, 0...5_000_000, 100_000)
        let minutes = try number("soak-minutes", self.soakMinutes, 0...1_440, 30)
        let (rounds, scripts) = (try self.rounds.count(environment), self.rounds.scripts)
        let rows = try await BenchDatabase.lend(environment: environment) { database in
            try await AllBench(
                database: database, scripts: scripts, rounds: rounds, jobs: jobs, leads: leads, limitedLeads: limited, soakMinutes: minutes
            ) { text in try? FileHandle.standardError.write(contentsOf: Data("measuring: \(text)\n".utf8)) }.run()
        }
        try FileHandle.standardOutput.write(contentsOf: Data((Target.table(rows) + "\n").utf8))
    }
}
