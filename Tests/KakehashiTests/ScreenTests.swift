import Runtime
import Testing

@testable import Kakehashi

@Suite struct ScreenTests {
    @Test(arguments: [
        ("abc", 3), ("山田", 4), ("ｱｲｳ", 3), ("ｶﾞ", 2), ("が", 2), ("か\u{3099}", 2), ("é", 1), ("e\u{301}", 1), ("Ａ", 2), ("㈱", 2), ("👨‍👩‍👧", 2), ("🇯🇵", 2),
        ("한", 2), ("\u{200b}", 0), ("…", 1), ("", 0),
    ])
    func `East Asian wide characters count double, combining marks not at all`(_ text: String, _ columns: Int) {
        #expect(CellWidth.of(text) == columns)
    }

    @Test func `a text is cut at a character's edge and never wider than asked`() {
        #expect(CellWidth.cut("山田太郎", to: 8) == "山田太郎")
        #expect(CellWidth.cut("山田太郎", to: 7) == "山田太…")
        #expect(CellWidth.cut("山田太郎", to: 6) == "山田…")
        #expect(CellWidth.cut("山田太郎", to: 1) == "…")
        #expect(CellWidth.cut("山田太郎", to: 0) == "")
    }

    @Test(arguments: [20, 30, 40, 60, 200])
    func `a table fits the width of the terminal`(_ columns: Int) {
        var table = Table([("NAME", .left), ("STATE", .left), ("LEADS", .right)])
        table.add(["株式会社とても長い名前の会社", "paused_by_operator", "12,345"])
        table.add(["acme", "idle", "7"])
        #expect(table.lines(columns: columns).allSatisfy { CellWidth.of($0) <= columns })
    }

    @Test func `columns stand below each other also with wide characters`() {
        var table = Table([("NAME", .left), ("N", .right)])
        table.add(["山田", "1"])
        table.add(["abc", "22"])
        #expect(table.lines(columns: 80) == ["NAME   N", "山田   1", "abc   22"])
    }

    @Test func `what a record holds can't steer the terminal`() {
        #expect(ScreenText.of("a\u{1b}[31mb\nc\u{202e}d\u{7}") == "a\u{fffd}[31mb c\u{fffd}d\u{fffd}")
    }

    @Test func `a progress line shows blocks, leads, leads per second, time and calls left`() {
        let progress = LoadProgress(blocksDone: 17, blocksTotal: 34, leads: 5_100, callsLeft: 49_950, jobsLeft: 1_200)
        let line = ProgressLine(title: "acme", progress: progress, leadsPerSecond: 1_234.4, timeLeft: .seconds(4.2), words: .english)
        #expect(
            line.bar(columns: 160)
                == "acme [####################....................]  17/34 blocks  1,234 leads/s  49,950 calls left  0:05 left  50 %  5,100 leads  1,200 jobs to do"
        )
        #expect(line.bar(columns: 80) == "acme [######.......]  17/34 blocks  1,234 leads/s  49,950 calls left  0:05 left")
        #expect(line.plain == "acme: 17/34 blocks, 1,234 leads/s, 49,950 calls left, 0:05 left, 50 %, 5,100 leads, 1,200 jobs to do")
    }

    @Test(arguments: 1...160)
    func `the bar never reaches the terminal's last column`(_ columns: Int) {
        let progress = LoadProgress(blocksDone: 3, blocksTotal: 9, leads: 900, callsLeft: 1)
        let line = ProgressLine(title: "花子商事株式会社の長い名前", progress: progress, leadsPerSecond: 10, timeLeft: .seconds(90), words: .japanese)
        #expect(CellWidth.of(line.bar(columns: columns)) <= max(1, columns - 1))
    }

    @Test func `without a terminal the progress is a plain line now and then`() {
        var written: [String] = []
        let start = ContinuousClock.now
        var narrator = Narrator(title: "acme", words: .english, terminal: Terminal(isTerminal: false, width: 80, hasColours: false)) {
            written.append($0)
        }
        for second in 0..<25 {
            narrator.tell(LoadProgress(blocksDone: second, blocksTotal: 30, leads: 300 * second, callsLeft: nil), at: start + .seconds(second))
        }
        narrator.finish()
        #expect(written.count == 3)
        #expect(written.allSatisfy { $0.hasSuffix("\n") && !$0.contains("\u{1b}") && !$0.contains("\r") })
        #expect(written.last?.contains("300 leads/s") == true)
    }

    @Test func `the pace is that of the last seconds, not of the whole run`() throws {
        var rate = LeadRate()
        let start = ContinuousClock.now
        for second in 0...20 { rate.note(LoadProgress(blocksDone: second, blocksTotal: 100, leads: 300 * second), at: start + .seconds(second)) }
        for second in 21...40 { rate.note(LoadProgress(blocksDone: 20, blocksTotal: 100, leads: 6_000), at: start + .seconds(second)) }
        #expect(rate.leadsPerSecond == 0)
        #expect(rate.timeLeft(LoadProgress(blocksDone: 20, blocksTotal: 100, leads: 6_000)) == nil)
    }

    @Test func `numbers and times read as people write them`() {
        #expect([0, 999, 1_000, -1_234_567].map { Amount.count($0) } == ["0", "999", "1,000", "-1,234,567"])
        #expect([7, 750, 11_109, 187_200].map { Amount.time(seconds: $0) } == ["0:07", "12:30", "3:05:09", "2 d 4 h"])
    }

    @Test func `colours are for terminals, and not with NO_COLOR`() {
        #expect(Terminal(isTerminal: true, width: 80, hasColours: false).paint("x", .red) == "x")
        #expect(Terminal(isTerminal: true, width: 80, hasColours: true).paint("x", .red) == "\u{1b}[31mx\u{1b}[0m")
        #expect(!Terminal(-1, environment: Environment([:])).isTerminal)
    }

    @Test func `the locale decides the language: LC_ALL before LC_MESSAGES before LANG`() {
        #expect(Words(environment: Environment(["LANG": "ja_JP.UTF-8"])) == .japanese)
        #expect(Words(environment: Environment(["LANG": "ja_JP.UTF-8", "LC_ALL": "C.UTF-8"])) == .english)
        #expect(Words(environment: Environment([:])) == .english)
    }
}
