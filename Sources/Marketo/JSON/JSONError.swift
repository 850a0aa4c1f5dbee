/// Why some bytes are not the JSON they should be: what was wrong and where, never the bytes themselves.
struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was wrong; a fixed list, so that it is safe to print.
    enum Reason: String, Sendable {
        case cutShort = "ended too early"
        case unexpected = "unexpected byte"
        case badNumber = "not a number"
        case badEscape = "not an escape sequence"
        case tooDeep = "nested too deeply"
        case wrongShape = "another kind of value than expected"
    }

    /// What was wrong.
    let reason: Reason
    /// Bytes from the start of the document.
    let offset: Int

    var description: String { "JSON: \(self.reason.rawValue) at byte \(self.offset)" }
}
