import ArgumentParser
import Marketo
import Runtime
import Store
import Sync

/// `kakehashi tenant add`: connects a Marketo subscription and starts its one full load.
struct TenantAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Connect a Marketo subscription and start its full load.",
        discussion: """
            Tests the connection with at most four calls; one that does not work stores nothing. The same again starts no second load, and is \
            how a new client secret is stored.
            Examples:
              kakehashi tenant add acme --endpoint https://123-ABC-456.mktorest.com/rest --client-id 6f1c --client-secret-file secret.txt
              kakehashi tenant add acme --endpoint https://123-ABC-456.mktorest.com/rest --client-id 6f1c --client-secret-file - --no-start
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
        // All that can be wrong with the call itself is told before the secret is read or the database is opened.
        do { try TenantError.check(name: self.name) } catch { throw Complaint(error.description, ending: .usage) }
        let starts = try !Setting<Bool>.toggle("no-start").isOn(flag: self.noStart, environment: environment)
        let endpoint = try Self.required("endpoint", self.endpoint, environment)
        do {
            _ = try MarketoEndpoint(endpoint, allowLocal: try environment.allowsLocalEndpoints())
        } catch let error as EndpointError {
            throw Complaint(error)
        }
        let clientID = try Self.required("client-id", self.clientID, environment)
        let settings = try self.settings(environment)
        let secret = try SecretFile.read(try Self.required("client-secret-file", self.clientSecretFile, environment))
        let application = TenantDesk.Application(
            name: self.name, endpoint: endpoint, clientID: clientID, clientSecret: secret, settings: settings, starts: starts)
        let answer = try await Workplace.lend(environment: environment) { try await TenantDesk(place: $0).add(application) }
        if json {
            try Printer.json(
                .object([
                    ("name", .text(self.name)), ("outcome", .text(answer.addition.outcome.rawValue)),
                    ("started_full_load", .bool(answer.startedLoad)),
                    ("checks", TenantFacts.checks(answer.report?.checks ?? [])),
                ]))
        } else {
            for check in answer.report?.checks ?? [] where !check.isOK { try Printer.line("note: \(check.name.rawValue): \(check.text)") }
            try Printer.line(TenantFacts.sentence(self.name, answer))
        }
    }

    /// The settings that were given along, by flag or variable.
    func settings(_ environment: Environment) throws(Complaint) -> [String: String] {
        let words = { (choices: [String]) in "one of " + choices.joined(separator: ", ") }
        let given: [(key: SettingKey, flag: String?, allowed: String)] = [
            (.accountMatch, self.accountMatch, words(TenantSettings.AccountMatch.allCases.map(\.rawValue))),
            (.phoneField, self.phoneField, words(TenantSettings.PhoneField.allCases.map(\.rawValue))),
            (.dailyLimit, self.dailyLimit, "a whole number from 1 to 10000000"), (.sweepMinute, self.sweepMinute, "a whole number from 0 to 59"),
        ]
        var settings: [String: String] = [:]
        for (key, flag, allowed) in given {
            let setting = Setting<String?>(key.rawValue, fallback: nil, allowed: allowed) { text in
                var trial = TenantSettings()
                // Not with "?:": there nil would be taken for a value, the one that stands for "not given".
                guard (try? trial.set(key.rawValue, text)) != nil else { return nil }
                return text
            }
            settings[key.rawValue] = try setting.value(flag: flag, environment: environment)
        }
        return settings
    }

    private static func required(_ name: String, _ flag: String?, _ environment: Environment) throws(Complaint) -> String {
        let setting = Setting<String?>.text(name)
        guard let value = try setting.value(flag: flag, environment: environment) else {
            throw Complaint("--\(name) is missing; give it, or set \(setting.variable).", ending: .usage)
        }
        return value
    }
}
