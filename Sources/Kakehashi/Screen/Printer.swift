import Foundation

/// Facts go to standard output, a line at a time.
enum Printer {
    /// Prints `line` and a line end.
    static func line(_ line: String) {
        try? FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
    }

    /// Prints a JSON document.
    static func json(_ fact: JSONFact) { self.line(fact.text) }
}
