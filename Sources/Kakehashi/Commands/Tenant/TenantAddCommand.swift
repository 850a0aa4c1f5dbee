import ArgumentParser
import Marketo
import Runtime
import Store

/// `kakehashi tenant add`: connects a Marketo subscription and starts its one full load.
struct TenantAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Connect a Marketo subscription and start its full load.",
        discussion: """
            Tests the connection with at most four calls; one that does not work stores nothing. The same again starts no second load, and is \
            how a new client secret is stored.
            """)

    @Argument(help: "What the tenant shall be called.")
    var name: String
    @Option(help: "Marketo's REST endpoint, as it stands in Admin > Web Services.")
    var endpoint: String?
    @Option(name: .customLong("client-id"), help: "The custom service's client id, from Admin > LaunchPoint.")
    var clientID: String?
    @Option(name: .customLong("client-secret-file"), help: "A file that holds the client secret; - is standard input.")
    var clientSecretFile: String?
    @Option(name: .customLong("account-match"), help: "How a lead's account is found: domain or name-and-phone.")
    var accountMatch: String?
    @Option(name: .customLong("phone-field"), help: "The phone that is matched: phone, mainPhone or mobilePhone.")
    var phoneField: String?
    @Option(name: .customLong("daily-limit"), help: "Calls of the subscription a day.")
    var dailyLimit: String?
    @Option(name: .customLong("sweep-minute"), help: "The minute of the hourly sync.")
    var sweepMinute: String?
    @Flag(name: .customLong("no-start"), help: "Only store it, without calling Marketo; 'tenant start' begins.")
    var noStart = false
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let environment = Environment.current
        let json = try self.output.wantsJSON(environment)
        let secret = try SecretFile.read(try Self.required("client-secret-file", self.clientSecretFile, environment))
        var settings: [String: String] = [:]
        let given = [
            ("account-match", self.accountMatch), ("phone-field", self.phoneField), ("daily-limit", self.dailyLimit),
            ("sweep-minute", self.sweepMinute),
        ]
        for (key, flag) in given { settings[key] = try Setting<String?>.text(key).value(flag: flag, environment: environment) }
        let application = TenantDesk.Application(
            name: self.name, endpoint: try Self.required("endpoint", self.endpoint, environment),
            clientID: try Self.required("client-id", self.clientID, environment), clientSecret: secret, settings: settings,
            starts: try !Setting<Bool>.toggle("no-start").isOn(flag: self.noStart, environment: environment))
        let answer = try await Workplace.lend(environment: environment) { try await TenantDesk(place: $0).add(application) }
        if json {
            Printer.json(
                .object([
                    ("name", .text(self.name)), ("outcome", .text(answer.addition.outcome.rawValue)),
                    ("started_full_load", .bool(answer.startedLoad)),
                    ("checks", TenantFacts.checks(answer.report?.checks ?? [])),
                ]))
        } else {
            for check in answer.report?.checks ?? [] where !check.isOK { Printer.line("note: \(check.name.rawValue): \(check.text)") }
            Printer.line(TenantFacts.sentence(self.name, answer))
        }
    }

    private static func required(_ name: String, _ flag: String?, _ environment: Environment) throws(Complaint) -> String {
        let setting = Setting<String?>.text(name)
        guard let value = try setting.value(flag: flag, environment: environment) else {
            throw Complaint("--\(name) is missing; give it, or set \(setting.variable).", ending: .usage)
        }
        return value
    }
}
