import ArgumentParser
import Runtime

/// `kakehashi reconcile`: compares both sides record by record, and has what differs repaired when asked to.
struct ReconcileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile", abstract: "Compare Marketo's leads with what is here, record by record, in both directions.",
        discussion: """
            Reads every lead in this process, one call for 300 ids, and writes nothing. 'missing': a lead without a contact and without a reason for \
            that; 'stale': a contact or an entry in quarantine that is not what the lead's present state demands, or a lead whose phase or status is not \
            what the story of its contact says; 'extra': something here of a lead that Marketo does not show. What waits in the queue is no \
            difference. With --repair the workers read what differs again and send what was not sent, also phases from before the field was made, \
            and this command waits for them.
            Ends with 1 when something differs and was not repaired, 75 when the quota stops it, 69 when Marketo or the database can't be reached.
            Examples:
              kakehashi reconcile acme
              kakehashi reconcile acme --repair
              kakehashi reconcile acme --json
            """)

    @Argument(help: "The tenant.")
    var name: String
    @Flag(help: "Have what differs repaired.")
    var repair = false
    @Option(help: "With --repair: how many seconds to wait for the workers at most.")
    var timeout: String?
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let environment = Environment.current
        let json = try self.output.wantsJSON(environment)
        let repairs = try Setting<Bool>.toggle("repair").isOn(flag: self.repair, environment: environment)
        let seconds = try Setting<Int?>.optionalNumber("timeout", in: 0...604_800).value(flag: self.timeout, environment: environment)
        guard repairs || seconds == nil else {
            throw Complaint("--timeout is for --repair; without it there is nothing to wait for.", ending: .usage)
        }
        let name = self.name
        let report = try await Workplace.lend(environment: environment) { place in
            try await Reconciler(place: place, words: Words(environment: environment))
                .run(name, repairs: repairs, timeout: seconds.map { .seconds($0) })
        }
        if json {
            try Printer.json(report.json)
        } else {
            for line in report.lines { try Printer.line(line) }
        }
        if let complaint = report.complaint { throw Complaint(complaint) }
    }
}
