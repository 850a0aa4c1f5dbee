import Fleet
import Runtime

/// What the demo has to show for itself at its end.
struct DemoReport: Sendable {
    /// Leads that Marketo has at the end.
    let leads: Int
    let contacts: Int
    let accounts: Int
    let links: Int
    let quarantined: Int
    /// Calls that count, by our own ledger.
    let callsBooked: Int
    /// What the simulator saw over the whole demo.
    let evidence: SimulatorControl.Evidence
    /// Calls that read leads during the full load alone.
    let loadLeadCalls: Int
    /// How long the full load took.
    let loadTime: Duration
    /// Both sides, record by record.
    let comparison: Comparison

    /// The most calls that Marketo allows in any 20 s.
    static let callsPerWindow = 100
    /// The most calls that Marketo allows at once.
    static let callsAtOnce = 10

    /// Whether everything is as it should be.
    var isGood: Bool {
        self.comparison.isClean && self.evidence.mostInAnyWindow <= Self.callsPerWindow && self.evidence.mostAtOnce <= Self.callsAtOnce
            && self.evidence.callsAfterQuota == 0
    }

    /// The report, a line a fact.
    func lines(_ words: Words) -> [String] {
        let seconds = self.loadTime / .seconds(1)
        let time = Amount.time(seconds: Int(seconds.rounded(.up)))
        let facts: [(String, String)] = [
            (words.pick("Leads seen", "確認したリード"), Amount.count(self.leads)),
            (words.pick("Contacts", "コンタクト"), Amount.count(self.contacts)),
            (words.pick("Accounts", "取引先"), Amount.count(self.accounts)),
            (words.pick("Links", "リードとコンタクトの紐付け"), Amount.count(self.links)),
            (words.pick("Quarantined", "隔離（メール形式不正など）"), Amount.count(self.quarantined)),
            (
                words.pick("Full load", "初回の全件同期"),
                words.pick("\(time), \(self.loadLeadCalls) calls that read leads", "\(time)、リード取得 \(self.loadLeadCalls) コール")
            ),
            (
                words.pick("Calls used", "使用したAPIコール"),
                words.pick(
                    "\(Amount.count(self.callsBooked)) booked, \(Amount.count(self.evidence.counted)) counted by Marketo's stand-in",
                    "\(Amount.count(self.callsBooked))（Marketo側の計数 \(Amount.count(self.evidence.counted))）")
            ),
            (words.pick("Most in any 20 s", "20秒間の最大コール数"), "\(self.evidence.mostInAnyWindow) / \(Self.callsPerWindow)"),
            (words.pick("Most at once", "同時実行の最大数"), "\(self.evidence.mostAtOnce) / \(Self.callsAtOnce)"),
            (words.pick("Missing", "欠落"), Self.list(self.comparison.missing)),
            (words.pick("Doubled", "重複"), Self.list(self.comparison.doubled)),
            (words.pick("Stale", "未反映"), Self.list(self.comparison.stale)),
        ]
        let width = facts.map { CellWidth.of($0.0) }.max() ?? 0
        let verdict =
            self.isGood
            ? words.pick("Both sides agree, record by record.", "両側のデータは1件ずつ比較してすべて一致しました。")
            : words.pick("The two sides do not agree.", "両側のデータが一致しません。")
        return facts.map { "  \($0.0.padding(to: width))  \($0.1)" } + ["", verdict]
    }

    /// The number, and of what is wrong the first few ids.
    private static func list(_ ids: [Int64]) -> String {
        guard !ids.isEmpty else { return "0" }
        return "\(Amount.count(ids.count)) (\(ids.prefix(5).map(String.init).joined(separator: ", "))\(ids.count > 5 ? ", …" : ""))"
    }
}
