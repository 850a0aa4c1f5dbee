import ArgumentParser
import Postgres
import Runtime
import Store
import Sync

/// `kakehashi sync`: starts a sync now, and waits for its end when asked to.
struct SyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync", abstract: "Start the hourly sync now, a full load, or the reading of single leads.",
        discussion: """
            The workers do the work; this command only asks for it. With --wait it returns when the tenant is settled: 0 then, 75 when the quota \
            holds it, 1 when a job died or the time was over.
            """)

    @Argument(help: "The tenant.")
    var name: String
    @Flag(help: "Read every lead id again.")
    var full = false
    @Option(help: "Read this lead again; may be given several times.")
    var lead: [String] = []
    @Flag(help: "Return when the tenant is settled.")
    var wait = false
    @Option(help: "How many seconds to wait at most.")
    var timeout: String?
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let environment = Environment.current
        let json = try self.output.wantsJSON(environment)
        let wish = try self.wish(environment)
        let waits = try Setting<Bool>.toggle("wait").isOn(flag: self.wait, environment: environment)
        let seconds = try Setting<Int?>.optionalNumber("timeout", in: 0...604_800).value(flag: self.timeout, environment: environment)
        let name = self.name
        let (said, status) = try await Workplace.lend(environment: environment) { place in
            let before = try await place.pool.first(TenantStatusQuery(name: name))
            let said = try await SyncDesk(place: place).begin(wish, tenant: name)
            guard waits else { return (said, before) }
            let wait = SettledWait(pool: place.pool, tenant: name, words: Words(environment: environment), terminal: .error)
            return (said, try await wait.run(timeout: seconds.map { .seconds($0) }, deadBefore: before?.jobs.dead ?? 0))
        }
        if json {
            let settled: JSONFact = waits ? JSONFact.bool(status?.isSettled ?? false) : .null
            Printer.json(.object([("tenant", .text(name)), ("text", .text(said)), ("settled", settled)]))
        } else {
            Printer.line(said)
            if waits { Printer.line("\(name) is settled.") }
        }
    }

    /// What is asked for, from flags and environment.
    func wish(_ environment: Environment) throws(Complaint) -> SyncDesk.Wish {
        let full = try Setting<Bool>.toggle("full").isOn(flag: self.full, environment: environment)
        let texts = self.lead.isEmpty ? (environment["KAKEHASHI_LEAD"]?.split(separator: ",").map(String.init) ?? []) : self.lead
        let number = Setting<Int>.number("lead", in: 1...Int(LeadID.highest.rawValue), fallback: 1)
        var ids: [Int64] = []
        for text in texts { ids.append(Int64(try number.value(flag: text, environment: environment))) }
        guard !(full && !ids.isEmpty) else { throw Complaint("--full and --lead can't be given together.", ending: .usage) }
        if full { return .full }
        return ids.isEmpty ? .sweep : .leads(ids)
    }
}
