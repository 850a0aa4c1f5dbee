import Foundation
import Runtime

/// A JSON document that keeps its members in the order in which they were given, and says `null` where there is nothing.
indirect enum JSONFact: Sendable, Equatable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    /// Nothing.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A whole number.
    case number(Int64)
    /// A text.
    case text(String)
    /// A list.
    case list([JSONFact])
    /// Members in order. Names are `snake_case`.
    case object([(String, JSONFact)])

    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int64) { self = .number(value) }
    init(booleanLiteral value: Bool) { self = .bool(value) }

    /// A text, or null.
    init(_ text: String?) { self = text.map { .text($0) } ?? .null }
    /// A whole number, or null.
    init(_ number: (some BinaryInteger)?) { self = number.map { .number(Int64($0)) } ?? .null }
    /// A moment as RFC 3339 in UTC, or null.
    init(_ moment: Date?) { self = moment.map { .text(Timestamp.text($0)) } ?? .null }

    /// The document on one line.
    var text: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .number(let value): String(value)
        case .text(let value): Self.quoted(value)
        case .list(let values): "[" + values.map(\.text).joined(separator: ",") + "]"
        case .object(let members): "{" + members.map { "\(Self.quoted($0.0)):\($0.1.text)" }.joined(separator: ",") + "}"
        }
    }

    static func == (left: JSONFact, right: JSONFact) -> Bool { left.text == right.text }

    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7f:
                let hex = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
