import Foundation

/// A load's progress as one line of text: blocks done, leads per second, calls left, time left.
///
/// A value; the writing is the caller's.
struct ProgressLine: Sendable {
    /// What stands in front, such as the tenant's name.
    let title: String
    /// What has been done.
    let progress: LoadProgress
    /// Leads per second, when it can be told.
    let leadsPerSecond: Double?
    /// How long the rest takes, when it can be told.
    let timeLeft: Duration?
    /// The language.
    let words: Words

    /// With a bar, for a terminal of that many columns.
    ///
    /// What matters least goes first when the line is too long.
    func bar(columns: Int) -> String {
        let title = CellWidth.cut(ScreenText.of(self.title), to: 20)
        var facts = self.facts
        // Plain characters: a bar of block elements is twice as wide on many an East Asian terminal.
        while facts.count > 1, CellWidth.of(title) + 18 + CellWidth.of(facts.joined(separator: "  ")) > columns { facts.removeLast() }
        let tail = facts.joined(separator: "  ")
        let room = min(40, columns - 1 - CellWidth.of(title) - 5 - CellWidth.of(tail))
        guard room >= 8 else { return CellWidth.cut("\(title)  \(tail)", to: max(1, columns - 1)) }
        let filled = Int((Double(room) * self.share).rounded(.down))
        return "\(title) [\(String(repeating: "#", count: filled))\(String(repeating: ".", count: room - filled))]  \(tail)"
    }

    /// Without a bar, for a log.
    var plain: String { "\(ScreenText.of(self.title)): \(self.facts.joined(separator: ", "))" }

    private var share: Double {
        self.progress.blocksTotal > 0 ? min(1, Double(self.progress.blocksDone) / Double(self.progress.blocksTotal)) : 0
    }

    private var facts: [String] {
        // In the order of what a person wants to know; the first four fit into 80 columns.
        var facts = [self.words.blocks(Amount.count(self.progress.blocksDone), of: Amount.count(self.progress.blocksTotal))]
        if let rate = self.leadsPerSecond { facts.append(self.words.leadsPerSecond(Amount.count(Int(rate.rounded())))) }
        if let calls = self.progress.callsLeft { facts.append(self.words.callsLeft(Amount.count(calls))) }
        if self.progress.blocksDone < self.progress.blocksTotal, let left = self.timeLeft {
            facts.append(self.words.timeLeft(Amount.time(seconds: Int((left / .seconds(1)).rounded(.up)))))
        }
        facts.append("\(Int(self.share * 100)) %")
        facts.append(self.words.leads(Amount.count(self.progress.leads)))
        if self.progress.jobsLeft > 0 { facts.append(self.words.jobsLeft(Amount.count(self.progress.jobsLeft))) }
        return facts
    }
}
