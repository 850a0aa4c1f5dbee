import ArgumentParser
import Runtime

/// `kakehashi activities`: what contacts did on the web and with mails lately.
struct ActivitiesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activities", abstract: "Show what contacts did on the web and with mails in the two weeks before now.",
        discussion: """
            Of contacts, or of the action contacts of a deal. Asks Marketo with at most five calls, 30 leads a call; what was read is shown for five \
            minutes without asking again, and nothing of it is kept longer. When the calls did not reach further, or the quota is spent, it says so \
            ("partial" with --json). Times are those of the tenant's time-zone; with --json in UTC.
            Examples:
              kakehashi activities acme --contact 12
              kakehashi activities acme --contact 12 --contact 15 --json
              kakehashi activities acme --deal 7
            """)

    @Argument(help: "The tenant.")
    var name: String
    @Option(help: "A contact, by its id here; may be given several times.")
    var contact: [String] = []
    @Option(help: "A deal, by its id here.")
    var deal: String?
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let environment = Environment.current
        let json = try self.output.wantsJSON(environment)
        let id = Setting<Int?>.optionalNumber("contact", in: 1...Int.max)
        var contacts: [Int64] = []
        for text in self.contact { if let contact = try id.value(flag: text, environment: environment) { contacts.append(Int64(contact)) } }
        if contacts.isEmpty, self.deal == nil, let contact = try id.value(flag: nil, environment: environment) { contacts = [Int64(contact)] }
        let deal = try Setting<Int?>.optionalNumber("deal", in: 1...Int.max).value(flag: self.deal, environment: environment).map { Int64($0) }
        guard contacts.isEmpty != (deal == nil) else { throw Complaint("Name either --contact ID, or --deal ID.", ending: .usage) }
        let (name, asked) = (self.name, contacts)
        let facts = try await Workplace.lend(environment: environment) { place in
            try await ActivityDesk(place: place).look(name, contacts: asked, deal: deal)
        }
        if json {
            try Printer.json(facts.json)
        } else {
            for line in facts.lines(Words(environment: environment), terminal: .output) { try Printer.line(line) }
        }
    }
}
