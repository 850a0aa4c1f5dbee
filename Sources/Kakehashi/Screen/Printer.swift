import Glibc
import Runtime

/// Facts go to standard output, a line at a time.
enum Printer {
    /// Prints `line` and a line end.
    ///
    /// - Throws: a ``Complaint`` when it can't be written, to a full disk for one. A reader that has seen enough (`| head -1`) is no mistake.
    static func line(_ line: String) throws(Complaint) {
        var rest = Array((line + "\n").utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if written >= 0 {
                rest = rest.dropFirst(written)
                continue
            }
            switch errno {
            case EINTR: continue
            case EPIPE: return
            case let number: throw Complaint("What was asked for can't be written to standard output: \(String(cString: strerror(number))).")
            }
        }
    }

    /// Prints a JSON document.
    static func json(_ fact: JSONFact) throws(Complaint) { try self.line(fact.text) }
}
