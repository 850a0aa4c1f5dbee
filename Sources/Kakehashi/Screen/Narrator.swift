import Foundation

/// Tells the progress of a load on standard error: a line that is drawn over on a terminal, a plain line now and then elsewhere.
struct Narrator {
    private let title: String
    private let words: Words
    private let terminal: Terminal
    private let write: (String) -> Void
    private var rate = LeadRate()
    private var toldAt: ContinuousClock.Instant?
    private var told: LoadProgress?
    private var toldState: (text: String, at: ContinuousClock.Instant)?

    /// Tells about `title`; `write` takes what is to be written as it is.
    init(title: String, words: Words, terminal: Terminal, write: @escaping (String) -> Void = Narrator.toStandardError) {
        self.title = title
        self.words = words
        self.terminal = terminal
        self.write = write
    }

    /// One look at the progress at the moment `now`.
    mutating func tell(_ progress: LoadProgress, at now: ContinuousClock.Instant) {
        self.rate.note(progress, at: now)
        let line = ProgressLine(
            title: self.title, progress: progress, leadsPerSecond: self.rate.leadsPerSecond, timeLeft: self.rate.timeLeft(progress), words: self.words
        )
        if self.terminal.isTerminal {
            // Back to the start of the line, write, clear what is left of the old one.
            self.write("\r\(line.bar(columns: self.terminal.width))\u{1b}[K")
        } else if progress != self.told, self.toldAt.map({ now - $0 >= .seconds(10) }) ?? true {
            self.write(line.plain + "\n")
            self.toldAt = now
        }
        self.told = progress
    }

    /// Why nothing moves: once, and again every half a minute or when it is another reason.
    mutating func tell(state: String, at now: ContinuousClock.Instant) {
        if let told = self.toldState, told.text == state, now - told.at < .seconds(30) { return }
        self.write("\(self.terminal.isTerminal && self.told != nil ? "\n" : "")\(self.title): \(state)\n")
        self.toldState = (state, now)
    }

    /// Leaves the line that is drawn over, so that what is written next stands below it.
    func finish() {
        if self.terminal.isTerminal, self.told != nil { self.write("\n") }
    }

    /// Progress goes to standard error; facts go to standard output.
    static func toStandardError(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}
