import ArgumentParser
import Postgres
import Runtime
import Store

/// `kakehashi jobs retry`: makes jobs due now that are tried again later, or are dead.
struct JobsRetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Make jobs due now that are tried again later or are dead: by number, or all dead ones.",
        discussion: """
            Examples:
              kakehashi jobs retry 4711 4712
              kakehashi jobs retry --all-dead --tenant acme --kind push-phase
            """)

    @Argument(help: "The jobs' numbers.")
    var ids: [Int64] = []
    @Flag(help: "All dead jobs, or those of --tenant and --kind.")
    var allDead = false
    @Option(help: "With --all-dead: only this tenant's.")
    var tenant: String?
    @Option(help: "With --all-dead: only of this kind.")
    var kind: String?
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let environment = Environment.current
        let all = try Setting<Bool>.toggle("all-dead").isOn(flag: self.allDead, environment: environment)
        guard all != !self.ids.isEmpty else { throw Complaint("Name jobs by number, or say --all-dead.", ending: .usage) }
        guard all || self.tenant == nil && self.kind == nil else { throw Complaint("--tenant and --kind are for --all-dead.", ending: .usage) }
        let (tenant, kind) = (self.tenant, self.kind)
        if all {
            try await JobOrders.run(output: self.output, environment: environment) { pool in
                if let tenant, try await pool.first(TenantByName(name: tenant)) == nil { throw TenantError.unknown(name: tenant) }
                return [JobOrders.Done(id: nil, text: try await pool.first(RetryDeadJobs(tenant: tenant, kind: kind)) ?? "")]
            }
        } else {
            try await JobOrders.run(self.ids, output: self.output, environment: environment) { RetryJob(id: $0) }
        }
    }
}
