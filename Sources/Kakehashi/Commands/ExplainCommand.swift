import ArgumentParser
import Foundation
import Postgres
import Runtime
import Store
import Sync

/// `kakehashi explain`: a person's story on both sides, in order.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Tell the story of a lead, a contact or an address: what was read, decided, written, sent, refused, and why.",
        discussion: """
            All leads and contacts of the person are in it, the oldest event first, at most the newest 500. Times are those of this machine's time zone \
            (TZ); with --json in UTC.
            Examples:
              kakehashi explain acme --lead 1024
              kakehashi explain acme --email taro@example.co.jp --lang ja
            """)

    @Argument(help: "The tenant.")
    var name: String
    @Option(help: "A lead, by its id in Marketo.")
    var lead: String?
    @Option(help: "A contact, by its id here.")
    var contact: String?
    @Option(help: "An e-mail address, however it is written.")
    var email: String?
    @Option(help: "The language: en or ja; by the locale when it is left out.")
    var lang: String?
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let environment = Environment.current
        let json = try self.output.wantsJSON(environment)
        let lead = try Setting<Int?>.optionalNumber("lead", in: 1...Int.max).value(flag: self.lead, environment: environment).map { Int64($0) }
        let contact = try Setting<Int?>.optionalNumber("contact", in: 1...Int.max).value(flag: self.contact, environment: environment).map {
            Int64($0)
        }
        let email = try Setting<String?>.text("email").value(flag: self.email, environment: environment)
        guard [lead != nil, contact != nil, email != nil].count(where: { $0 }) == 1 else {
            throw Complaint("Name one of --lead ID, --contact ID and --email ADDRESS.", ending: .usage)
        }
        let words = try self.words(environment)
        let name = self.name
        let story = try await Workplace.lend(environment: environment) { place in
            guard let tenant = try await place.pool.first(TenantByName(name: name)) else { throw TenantError.unknown(name: name) }
            let subject = try await place.pool.first(FindSubject(tenant: tenant.id, lead: lead, contact: contact, email: email))
            guard let subject, !subject.leads.isEmpty || !subject.contacts.isEmpty else {
                let what = lead.map { "lead \($0)" } ?? contact.map { "contact \($0)" } ?? "address \(email ?? "")"
                throw Complaint("Nothing is known of the \(ScreenText.of(what)) in the tenant \(name).")
            }
            return StoryTeller(words: words).tell(try await place.pool.query(FindStory(tenant: tenant.id, subject: subject)))
        }
        if json {
            try Printer.json(.object([("events", .list(story.map(\.json)))]))
        } else {
            for event in story { try Printer.line(event.line) }
        }
    }

    /// The language asked for, else the locale's.
    private func words(_ environment: Environment) throws -> Words {
        switch try Setting<String?>.text("lang").value(flag: self.lang, environment: environment) {
        case nil: Words(environment: environment)
        case "en": .english
        case "ja": .japanese
        case let other?: throw Complaint("--lang is “\(ScreenText.of(other))”; it must be en or ja.", ending: .usage)
        }
    }
}
