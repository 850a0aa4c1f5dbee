import ArgumentParser
import Foundation
import Postgres
import Runtime
import Store

/// `kakehashi jobs list`: jobs, the oldest first.
struct JobsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List jobs, the oldest first: those that have not ended well, or by --state done|cancelled the last hour's.",
        discussion: """
            Examples:
              kakehashi jobs list --tenant acme
              kakehashi jobs list --state dead --kind push-phase
              kakehashi jobs list --state done --limit 20 --json
            """)

    @Option(help: "Only this tenant's.")
    var tenant: String?
    @Option(help: "Only of this kind, such as push-phase.")
    var kind: String?
    @Option(help: "Only in this state: ready, running, retrying, dead, done or cancelled.")
    var state: String?
    @Option(help: "How many at most. (default: 50)")
    var limit: String?
    @OptionGroup var output: OutputOptions

    /// What a job may be (CONTRACT 5).
    private enum State: String, CaseIterable {
        case ready, running, retrying, dead, done, cancelled
    }

    func run() async throws {
        let environment = Environment.current
        let json = try self.output.wantsJSON(environment)
        let tenant = try Setting<String?>.text("tenant").value(flag: self.tenant, environment: environment)
        let kind = try Setting<String?>.text("kind").value(flag: self.kind, environment: environment)
        let state = try Setting<String?>.text("state").value(flag: self.state, environment: environment)
        if let state, State(rawValue: state) == nil {
            let all = State.allCases.map(\.rawValue).joined(separator: ", ")
            throw Complaint("--state is “\(ScreenText.of(state))”; it must be one of \(all).", ending: .usage)
        }
        let most = try Setting<Int>.number("limit", in: 1...100_000, fallback: 50).value(flag: self.limit, environment: environment)
        let jobs = try await Workplace.lend(environment: environment) { place in
            if let tenant, try await place.pool.first(TenantByName(name: tenant)) == nil { throw TenantError.unknown(name: tenant) }
            return try await place.pool.query(ListJobs(tenant: tenant, kind: kind, state: state, most: most))
        }
        if json {
            try Printer.json(.object([("jobs", .list(jobs.map { JobSheet(job: $0).json }))]))
        } else {
            for line in JobSheet.table(of: jobs, terminal: .output) { try Printer.line(line) }
        }
    }
}
