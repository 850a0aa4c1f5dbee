/// Which trace a piece of work belongs to, and which step of it it follows: what travels from a sweep to the push it ends in.
///
/// - Shape: the W3C's `traceparent`, `00-<32 hex digits>-<16 hex digits>-<01 sampled, 00 not>` (https://www.w3.org/TR/trace-context/).
package struct TraceParent: Sendable, Hashable {
    /// Of the whole trace; never all zeros.
    package let trace: String
    /// Of the step; never all zeros.
    package let span: String
    /// Whether it is recorded.
    package let isSampled: Bool

    /// Made of its parts.
    package init(trace: String, span: String, isSampled: Bool) {
        self.trace = trace
        self.span = span
        self.isSampled = isSampled
    }

    /// Read from its text; nil for what is none.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 4, parts[0].count == 2, parts[0] != "ff", parts[0] != "00" || parts.count == 4, parts[0].allSatisfy(Self.isDigit) else {
            return nil
        }
        guard Self.isNumber(parts[1], digits: 32), Self.isNumber(parts[2], digits: 16), parts[3].count == 2, let flags = UInt8(parts[3], radix: 16)
        else {
            return nil
        }
        self.init(trace: parts[1], span: parts[2], isSampled: flags & 1 == 1)
    }

    /// Its text.
    package var text: String { "00-\(self.trace)-\(self.span)-\(self.isSampled ? "01" : "00")" }

    /// A number that nobody has had.
    package static func draw(digits: Int) -> String {
        var text = ""
        while text.count < digits {
            let piece = String(UInt64.random(in: 1 ... .max), radix: 16)
            text += String(repeating: "0", count: 16 - piece.count) + piece
        }
        return text
    }

    private static func isDigit(_ digit: Character) -> Bool { ("0"..."9").contains(digit) || ("a"..."f").contains(digit) }

    private static func isNumber(_ text: String, digits: Int) -> Bool {
        text.count == digits && text.allSatisfy(self.isDigit) && !text.allSatisfy { $0 == "0" }
    }
}
