import ArgumentParser
import Postgres
import Runtime
import Store
import Sync

/// `kakehashi sync`: starts a sync now, and waits for its end when asked to.
struct SyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync", abstract: "Start the hourly sync now, a full load, or a second look at feeds or leads.",
        discussion: """
            The workers do the work; this command only asks for it. With --wait it returns when the tenant is settled: 0 then, 75 when the quota \
            holds it, 1 when a job died, the time was over, or nothing will move without a person (paused by an operator, credentials refused).
            --full --dry-run reads all leads in this process, without workers and also before 'tenant start', and writes nothing; its calls count.
            Examples:
              kakehashi sync acme
              kakehashi sync acme --wait --timeout 600
              kakehashi sync acme --lead 1024 --lead 1025
              kakehashi sync acme --full --dry-run --json
              kakehashi sync acme --tail 26
            """)

    @Argument(help: "The tenant.")
    var name: String
    @Flag(help: "Read every lead id again.")
    var full = false
    @Flag(name: .customLong("dry-run"), help: "With --full: only tell what it would create, link and list in quarantine.")
    var dryRun = false
    @Option(help: "Read this lead again; may be given several times.")
    var lead: [String] = []
    @Option(help: "Read the change feeds again from so many hours ago on, for what was written late (1 to 2160).")
    var tail: String?
    @Flag(help: "Read all known leads again, whatever the feeds told.")
    var sweep = false
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
        guard waits || seconds == nil else { throw Complaint("--timeout is for --wait; without it there is nothing to wait for.", ending: .usage) }
        let name = self.name
        if try Setting<Bool>.toggle("dry-run").isOn(flag: self.dryRun, environment: environment) {
            guard wish == .full, !waits else {
                throw Complaint("--dry-run is for --full alone: it does its work itself and there is nothing to wait for.", ending: .usage)
            }
            let forecast = try await Workplace.lend(environment: environment) { place in
                try await DryLoad(place: place, words: Words(environment: environment)).run(name)
            }
            return try json ? Printer.json(forecast.json) : Printer.line(forecast.sentence(name))
        }
        let (said, status) = try await Workplace.lend(environment: environment) { place in
            let before = try await place.pool.first(TenantStatusQuery(name: name))
            let said = try await SyncDesk(place: place).begin(wish, tenant: name)
            guard waits else { return (said, before) }
            let wait = SettledWait(pool: place.pool, tenant: name, words: Words(environment: environment), terminal: .error)
            return (said, try await wait.run(timeout: seconds.map { .seconds($0) }, deadBefore: before?.jobs.dead ?? 0))
        }
        if json {
            let settled: JSONFact = waits ? JSONFact.bool(status?.isSettled ?? false) : .null
            try Printer.json(.object([("tenant", .text(name)), ("text", .text(said)), ("settled", settled)]))
        } else {
            try Printer.line(said)
            if waits { try Printer.line("\(name) is settled.") }
        }
    }

    /// What is asked for, from flags and environment.
    func wish(_ environment: Environment) throws(Complaint) -> SyncDesk.Wish {
        let full = try Setting<Bool>.toggle("full").isOn(flag: self.full, environment: environment)
        let list = Setting<[Int64]>("lead", fallback: [], allowed: "a lead id above 0 and below 2^53, or several with commas between") { text in
            let ids = text.split(separator: ",", omittingEmptySubsequences: false).map { Int64($0) }
            return ids.allSatisfy { $0.map { $0 > 0 && $0 <= LeadID.highest.rawValue } ?? false } ? ids.compactMap(\.self) : nil
        }
        var ids = self.lead.isEmpty ? try list.value(flag: nil, environment: environment) : []
        for text in self.lead { ids += try list.value(flag: text, environment: environment) }
        let sweep = try Setting<Bool>.toggle("sweep").isOn(flag: self.sweep, environment: environment)
        let hours = try Setting<Int?>.optionalNumber("tail", in: 1...2_160).value(flag: self.tail, environment: environment)
        var wishes: [SyncDesk.Wish] = []
        if full { wishes.append(.full) }
        if !ids.isEmpty { wishes.append(.leads(ids)) }
        if let hours { wishes.append(.tail(hours: hours)) }
        if sweep { wishes.append(.reread) }
        guard wishes.count <= 1 else { throw Complaint("Only one of --full, --lead, --tail and --sweep can be given.", ending: .usage) }
        return wishes.first ?? .sweep
    }
}
