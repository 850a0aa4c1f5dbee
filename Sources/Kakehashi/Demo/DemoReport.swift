import Fleet
import Runtime
import Store

/// What the demo has to show for itself at its end.
struct DemoReport: Sendable {
    /// Leads that Marketo had when the full load began.
    let leads: Int
    /// Leads that the full load saw.
    let leadsSeen: Int
    let contacts: Int
    let accounts: Int
    let links: Int
    let quarantined: Int
    /// Calls that count, by our own ledger.
    var callsBooked: Int
    /// What the simulator saw over the whole demo.
    var evidence: SimulatorEvidence
    /// Calls that read leads during the full load alone.
    let loadLeadCalls: Int
    /// How long the full load took.
    let loadTime: Duration
    /// Both sides, record by record.
    let comparison: Comparison
    /// What Marketo holds of what sales did; `nil` before the second act.
    var sales: SalesOutcome?

    /// The most calls that Marketo allows in any 20 s.
    static let callsPerWindow = 100
    /// The most calls that Marketo allows at once.
    static let callsAtOnce = 10

    /// How many calls that read leads a full load may cost: one for each 300 ids, and some to find where the ids end.
    var leadCallsAllowed: Int {
        let blocks = (self.leads + 299) / 300
        return blocks + 10 + blocks / 50
    }

    /// What is not as it should be, a sentence each.
    func problems(_ words: Words) -> [String] {
        let checks: [(isGood: Bool, sentence: String)] = [
            (self.comparison.isClean, words.pick("The two sides do not agree.", "両側のデータが一致しません。")),
            (
                self.leadsSeen == self.leads,
                words.pick(
                    "The full load saw \(Amount.count(self.leadsSeen)) leads of \(Amount.count(self.leads)).",
                    "全件同期で確認できたリードは \(Amount.count(self.leads)) 件中 \(Amount.count(self.leadsSeen)) 件です。")
            ),
            (
                self.loadLeadCalls <= self.leadCallsAllowed,
                words.pick("The full load cost more calls than it may.", "全件同期のAPIコール数が上限を超えました。")
            ),
            (
                self.evidence.mostInAnyWindow <= Self.callsPerWindow && self.evidence.mostAtOnce <= Self.callsAtOnce
                    && self.evidence.callsRefused == 0 && self.evidence.callsAfterQuota == 0,
                words.pick("Marketo's limits were not kept.", "Marketoの利用制限を超えました。")
            ),
            (
                self.sales?.isGood ?? true,
                words.pick("Marketo does not hold what sales did.", "営業活動がMarketoに正しく反映されていません。")
            ),
        ]
        return checks.filter { !$0.isGood }.map(\.sentence)
    }

    /// The report, a line a fact.
    func lines(_ words: Words) -> [String] {
        let time = Amount.time(seconds: Int((self.loadTime / .seconds(1)).rounded(.up)))
        var facts: [(String, String)] = [
            (words.pick("Leads seen", "確認したリード"), "\(Amount.count(self.leadsSeen)) / \(Amount.count(self.leads))"),
            (words.pick("Contacts", "コンタクト"), Amount.count(self.contacts)),
            (words.pick("Accounts", "取引先"), Amount.count(self.accounts)),
            (words.pick("Links", "リードとコンタクトの紐付け"), Amount.count(self.links)),
            (words.pick("Quarantined", "隔離（メール形式不正など）"), Amount.count(self.quarantined)),
            (
                words.pick("Full load", "初回の全件同期"),
                words.pick(
                    "\(time), \(self.loadLeadCalls) calls that read leads (\(self.leadCallsAllowed) allowed)",
                    "\(time)、リード取得 \(self.loadLeadCalls) コール（上限 \(self.leadCallsAllowed)）")
            ),
            (
                words.pick("Calls used", "使用したAPIコール"),
                words.pick(
                    "\(Amount.count(self.callsBooked)) booked, \(Amount.count(self.evidence.counted)) counted by Marketo's stand-in",
                    "\(Amount.count(self.callsBooked))（Marketo側の計数 \(Amount.count(self.evidence.counted))）")
            ),
            (words.pick("Most in any 20 s", "20秒間の最大コール数"), "\(self.evidence.mostInAnyWindow) / \(Self.callsPerWindow)"),
            (words.pick("Most at once", "同時実行の最大数"), "\(self.evidence.mostAtOnce) / \(Self.callsAtOnce)"),
            (words.pick("Refused by a limit", "制限による拒否"), "\(self.evidence.callsRefused)"),
        ]
        for kind in Difference.Kind.allCases { facts.append((Self.title(kind, words), Self.list(self.comparison.of(kind)))) }
        if let sales {
            facts.append((words.pick("Leads made of contacts", "コンタクトから作成したリード"), "\(sales.created) / \(SalesOutcome.newContacts)"))
            facts.append(
                (
                    words.pick("Leads that show sales' work", "営業活動を反映したリード"),
                    words.pick(
                        "\(sales.phases) a phase, \(sales.cleared) a cleared one, \(sales.statuses) a status; wrong \(sales.wrong.count)",
                        "フェーズ \(sales.phases)、フェーズ消去 \(sales.cleared)、ステータス \(sales.statuses)、誤り \(sales.wrong.count)")
                ))
        }
        let width = facts.map { CellWidth.of($0.0) }.max() ?? 0
        let problems = self.problems(words)
        return facts.map { "  \($0.0.padding(to: width))  \($0.1)" } + [""]
            + (problems.isEmpty ? [words.pick("Both sides agree, record by record.", "両側のデータは1件ずつ比較してすべて一致しました。")] : problems)
    }

    /// No `default`: a new kind does not compile until it has a title.
    private static func title(_ kind: Difference.Kind, _ words: Words) -> String {
        switch kind {
        case .missing: words.pick("Missing", "欠落")
        case .doubled: words.pick("Doubled", "重複")
        case .stale: words.pick("Stale", "未反映")
        case .altered: words.pick("Altered", "内容の相違")
        }
    }

    /// The number, and of what is wrong the first few records.
    private static func list(_ differences: [Difference]) -> String {
        guard !differences.isEmpty else { return "0" }
        let records = differences.prefix(5).map(\.record).joined(separator: ", ")
        return "\(Amount.count(differences.count)) (\(records)\(differences.count > 5 ? ", …" : ""))"
    }
}
