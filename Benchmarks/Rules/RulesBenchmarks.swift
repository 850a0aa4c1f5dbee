import Benchmark
import Sync

/// What the pure rules cost, each by itself: how e-mail addresses, company names and phone numbers are read and compared (`bin/bench rules`).
///
/// A thousand texts are one measurement, as one alone is over before a clock has moved; the figures are a text's.
let benchmarks: @Sendable () -> Void = {
    let addresses = ["taro.yamada@example.co.jp", " Hanako.Sato@Example.COM ", "info@xn--eckwd4c7c.jp", "ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ", "no address"]
    let companies = ["株式会社架け橋", "ｶｹﾊｼ(株)", "Kakehashi Inc.", "有限会社 山田製作所 東京支店", "Acme Co., Ltd."]
    let phones = ["03-1234-5678", "+81 3 1234 5678", "０９０−１２３４−５６７８", "(06) 6123-4567", "-"]
    Benchmark.defaultConfiguration = .init(metrics: [.wallClock, .throughput], scalingFactor: .kilo, maxDuration: .seconds(2))

    func measure<Result>(_ rule: String, _ texts: [String], _ apply: @Sendable @escaping (String) -> Result) {
        Benchmark(rule) { benchmark in
            for turn in benchmark.scaledIterations { blackHole(apply(texts[turn % texts.count])) }
        }
    }
    measure("e-mail address, read", addresses) { EmailAddress.read($0) }
    measure("e-mail address, as a key", addresses) { EmailKey($0) }
    measure("e-mail address, its domain", addresses) { EmailDomain(email: $0) }
    measure("company name, as a key", companies) { CompanyKey($0) }
    measure("phone number, as a key", phones) { PhoneKey($0) }
}
