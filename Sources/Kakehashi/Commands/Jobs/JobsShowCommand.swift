import ArgumentParser
import Postgres
import Runtime
import Store

/// `kakehashi jobs show`: one job with all that is on record of it.
struct JobsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one job, also one that has ended, and why it is not running.",
        discussion: """
            Examples:
              kakehashi jobs show 4711
            """)

    @Argument(help: "The job's number.")
    var id: Int64
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let environment = Environment.current
        let json = try self.output.wantsJSON(environment)
        let id = self.id
        let sheet = try await Workplace.lend(environment: environment) { place in
            guard let job = try await place.pool.first(FindJob(id: id)) else { throw Complaint("There is no job \(id).") }
            return JobSheet(job: job, why: try await place.pool.first(WhyJob(id: id)))
        }
        if json {
            try Printer.json(sheet.json)
        } else {
            for line in sheet.lines { try Printer.line(line) }
        }
    }
}
