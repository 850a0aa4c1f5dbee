package import Foundation
package import Logging

/// Writes each log event as one line: text for people, or a JSON object for machines.
///
/// A newline or another control character in a message or a fact is escaped in both forms, so an event is always exactly one line.
package struct LineLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let format: LogFormat
    private let write: @Sendable (String) -> Void
    private let now: @Sendable () -> Date

    /// A handler that hands each finished line, its newline included, to `write`; `now` is the clock of the time stamps.
    package init(
        label: String, level: Logger.Level, format: LogFormat, now: @escaping @Sendable () -> Date = { Date() },
        write: @escaping @Sendable (String) -> Void
    ) {
        self.label = label
        self.logLevel = level
        self.format = format
        self.now = now
        self.write = write
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var facts = self.metadata
        if let provided = self.metadataProvider?.get() { facts.merge(provided) { _, new in new } }
        if let given = event.metadata { facts.merge(given) { _, new in new } }
        if let error = event.error { facts["error"] = "\(error)" }
        let at = Timestamp.text(self.now(), fraction: true)
        switch self.format {
        case .text:
            let tail = facts.sorted { $0.key < $1.key }.map { " \($0.key)=\(Self.word($0.value.description))" }.joined()
            let level = event.level.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0)
            self.write("\(at) \(level) \(Self.oneLine(event.message.description))\(tail)\n")
        case .json:
            var line = "{\"at\":\(Self.quoted(at)),\"level\":\(Self.quoted(event.level.rawValue)),\"logger\":\(Self.quoted(self.label))"
            line += ",\"message\":\(Self.quoted(event.message.description))"
            for (key, value) in facts.sorted(by: { $0.key < $1.key }) { line += ",\(Self.quoted(key)):\(Self.json(value))" }
            self.write(line + "}\n")
        }
    }

    private static func json(_ value: Logger.MetadataValue) -> String {
        switch value {
        case .string(let text): self.quoted(text)
        case .stringConvertible(let thing): self.quoted(thing.description)
        case .array(let values): "[" + values.map(self.json).joined(separator: ",") + "]"
        case .dictionary(let facts):
            "{" + facts.sorted { $0.key < $1.key }.map { "\(self.quoted($0.key)):\(self.json($0.value))" }.joined(separator: ",") + "}"
        }
    }

    /// A fact's value in a text line: quoted when it holds a space, so that a line can still be cut into facts.
    private static func word(_ text: String) -> String {
        text.isEmpty || text.contains(where: { $0.isWhitespace || $0 == "\"" || $0 == "=" }) ? self.quoted(text) : self.oneLine(text)
    }

    private static func oneLine(_ text: String) -> String {
        String(self.quoted(text, quotes: false).dropFirst().dropLast())
    }

    /// `text` as a JSON string.
    ///
    /// Every control character is escaped, U+0085, U+2028 and U+2029 among them, as some readers break lines there.
    private static func quoted(_ text: String, quotes: Bool = true) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"" where quotes: out += "\\\""
            case "\\" where quotes: out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case _ where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029:
                let hex = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
