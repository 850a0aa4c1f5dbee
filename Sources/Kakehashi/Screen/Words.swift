import Runtime

/// The words of progress and report, in the reader's language.
enum Words: String, Sendable, Equatable {
    /// English, the default.
    case english
    /// Japanese, for `LANG=ja…`.
    case japanese

    /// By the locale of messages: LC_ALL, else LC_MESSAGES, else LANG.
    init(environment: Environment) {
        let locale = environment["LC_ALL"] ?? environment["LC_MESSAGES"] ?? environment["LANG"] ?? ""
        self = locale.lowercased().hasPrefix("ja") ? .japanese : .english
    }

    /// One of two texts.
    func pick(_ english: String, _ japanese: String) -> String { self == .english ? english : japanese }

    /// `3/34 blocks`.
    func blocks(_ done: String, of total: String) -> String { self.pick("\(done)/\(total) blocks", "\(done)/\(total) ブロック") }
    /// `900 leads`.
    func leads(_ count: String) -> String { self.pick("\(count) leads", "リード \(count) 件") }
    /// `450 leads/s`.
    func leadsPerSecond(_ count: String) -> String { self.pick("\(count) leads/s", "毎秒 \(count) 件") }
    /// `0:21 left`.
    func timeLeft(_ time: String) -> String { self.pick("\(time) left", "残り \(time)") }
    /// `1,200 jobs to do`.
    func jobsLeft(_ count: String) -> String { self.pick("\(count) jobs to do", "残りジョブ \(count)") }
    /// `49,966 calls left`.
    func callsLeft(_ count: String) -> String { self.pick("\(count) calls left", "残りコール \(count)") }
}
