import Foundation
import Runtime

/// What is at the other end of standard output or standard error.
struct Terminal: Sendable, Equatable {
    /// Whether a person is looking at it.
    let isTerminal: Bool
    /// Columns.
    let width: Int
    /// Whether colours are welcome: on a terminal, and nobody said NO_COLOR (no-color.org).
    let hasColours: Bool

    /// What is given.
    init(isTerminal: Bool, width: Int, hasColours: Bool) {
        self.isTerminal = isTerminal
        self.width = width
        self.hasColours = hasColours
    }

    /// What the file descriptor is connected with.
    init(_ descriptor: Int32, environment: Environment) {
        var size = winsize()
        self.isTerminal = isatty(descriptor) == 1
        let asked = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 ? Int(size.ws_col) : 0
        // Not a terminal: a pipe has no edge, so nothing is cut.
        self.width = asked > 0 ? asked : environment["COLUMNS"].flatMap { Int($0) } ?? (self.isTerminal ? 80 : 1_000)
        self.hasColours = self.isTerminal && environment["NO_COLOR"] == nil && environment["TERM"] != "dumb"
    }

    /// Rows of the terminal that standard output is; nil when it is none.
    var height: Int? {
        var size = winsize()
        return self.isTerminal && ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_row > 0 ? Int(size.ws_row) : nil
    }

    /// Standard output.
    static var output: Terminal { Terminal(STDOUT_FILENO, environment: .current) }
    /// Standard error.
    static var error: Terminal { Terminal(STDERR_FILENO, environment: .current) }

    /// `text` in a colour, where colours are welcome.
    func paint(_ text: String, _ colour: Colour) -> String {
        self.hasColours ? "\u{1b}[\(colour.rawValue)m\(text)\u{1b}[0m" : text
    }

    /// What a colour says.
    enum Colour: Int, Sendable {
        /// Bad news.
        case red = 31
        /// Good news.
        case green = 32
        /// A person may want to look.
        case yellow = 33
        /// A heading.
        case bold = 1
    }
}
