import ArgumentParser
import Runtime
import Sync

/// `bench rules`: what the pure rules cost, each by itself; needs no database.
struct RulesBenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "Measure the pure rules: how e-mail addresses, company names and phone numbers are read and compared.")

    @Option(help: "How often each. (default: 200000)")
    var times: String?

    func run() async throws {
        let times = try Setting<Int>.number("times", in: 1...100_000_000, fallback: 200_000).value(
            flag: self.times, environment: Environment.current)
        let addresses = ["taro.yamada@example.co.jp", " Hanako.Sato@Example.COM ", "info@xn--eckwd4c7c.jp", "ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ", "no address"]
        let companies = ["株式会社架け橋", "ｶｹﾊｼ(株)", "Kakehashi Inc.", "有限会社 山田製作所 東京支店", "Acme Co., Ltd."]
        let phones = ["03-1234-5678", "+81 3 1234 5678", "０９０−１２３４−５６７８", "(06) 6123-4567", "-"]
        try Self.measure("email-reading", addresses, times) { if case .valid = EmailAddress.read($0) { 1 } else { 0 } }
        try Self.measure("email-key", addresses, times) { EmailKey($0)?.text.utf8.count ?? 0 }
        try Self.measure("email-domain", addresses, times) { EmailDomain(email: $0)?.text.utf8.count ?? 0 }
        try Self.measure("company-key", companies, times) { CompanyKey($0)?.text.utf8.count ?? 0 }
        try Self.measure("phone-key", phones, times) { PhoneKey($0)?.digits.utf8.count ?? 0 }
    }

    /// The sum of what came out is printed too, so that nothing can be left out.
    private static func measure(_ rule: String, _ texts: [String], _ times: Int, _ apply: (String) -> Int) throws {
        var sum = 0
        let start = ContinuousClock.now
        for turn in 0..<times { sum &+= apply(texts[turn % texts.count]) }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        try Measure(
            "rule",
            [
                ("rule", .name(rule)), ("jobs", .count(times)), ("seconds", .decimal(seconds)), ("per_second", .decimal(Double(times) / seconds)),
                ("nanoseconds_each", .decimal(seconds / Double(times) * 1_000_000_000)), ("checksum", .count(sum)),
            ], postgresVersion: "none"
        ).print()
    }
}
