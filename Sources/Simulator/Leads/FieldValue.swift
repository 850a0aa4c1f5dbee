import NIOCore

/// A value of a lead's field, already checked for its type.
package enum FieldValue: Sendable, Equatable {
    case none
    case text(String)
    /// Integers, percents, references; booleans as 0 and 1; dates and times as seconds since 1970.
    case number(Int64)
    /// Floats and currencies.
    case decimal(Double)

    /// Texts are equal when their bytes are: a name whose dakuten are composed is another one than with them apart.
    package static func == (one: FieldValue, other: FieldValue) -> Bool {
        switch (one, other) {
        case (.none, .none): true
        case (.text(let one), .text(let other)): one.utf8.elementsEqual(other.utf8)
        case (.number(let one), .number(let other)): one == other
        case (.decimal(let one), .decimal(let other)): one == other
        case (.none, _), (.text, _), (.number, _), (.decimal, _): false
        }
    }

    /// Takes a value as a client sent it, or says that the field can't hold it.
    ///
    /// `null` and `""` clear (a boolean becomes false).
    ///
    /// Refused as recorded: integer 14.1, boolean "other", percent "100%", datetime "yesterday", e-mail "bademail", float "14c".
    /// - Returns: `nil` when the whole record must be skipped with 1003.
    package init?(_ value: JSONValue, for field: LeadField) {
        if value == .null || value == .string("") {
            self = .none
            return
        }
        guard let text = value.text else { return nil }
        switch field.type {
        case .string, .phone, .url:
            guard text.utf16.count <= field.length ?? 255 else { return nil }
            self = .text(text)
        case .text:
            guard text.utf8.count <= 30_000 else { return nil }
            self = .text(text)
        case .email:
            guard text.utf8.count <= 255, Self.isMailbox(text) else { return nil }
            self = .text(text)
        case .integer, .percent, .reference:
            guard let number = Int64(text), Int64(Int32.min)...Int64(Int32.max) ~= number else { return nil }
            self = .number(number)
        case .float, .currency:
            guard let number = Double(text), number.isFinite else { return nil }
            self = .decimal(number)
        case .boolean:
            switch text.lowercased() {
            case "true", "1", "yes": self = .number(1)
            case "false", "0", "no": self = .number(0)
            default: return nil
            }
        case .date, .datetime:
            guard let seconds = CivilTime.seconds(parsing: text) else { return nil }
            self = .number(seconds)
        }
    }

    /// ASCII, one `@` with something on both sides, a dot in the domain, no space (D: ASCII only).
    static func isMailbox(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard parts.count == 2, let local = parts.first, let domain = parts.last, !local.isEmpty else { return false }
        return text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } && domain.contains(UInt8(ascii: ".")) && domain.first != UInt8(ascii: ".")
            && domain.last != UInt8(ascii: ".")
    }

    /// As a page shows it: an unset boolean is `false`, anything else unset is `null` (R).
    func writeJSON(as type: LeadField.DataType, to buffer: inout ByteBuffer) {
        switch (self, type) {
        case (.none, .boolean), (.number(0), .boolean): buffer.writeString("false")
        case (_, .boolean): buffer.writeString("true")
        case (.none, _): buffer.writeString("null")
        case (.number(let seconds), .datetime): CivilTime.writeJSON(seconds, to: &buffer)
        case (.number(let seconds), .date): buffer.writeJSON(CivilTime(seconds: seconds).date)
        case (.text(let text), _): buffer.writeJSON(text)
        case (.number(let number), _): buffer.writeString(String(number))
        case (.decimal(let number), _): buffer.writeString(String(number))
        }
    }

    /// As Change Data Value shows it: booleans `True`/`False`, times without a zone, numbers as text (R).
    ///
    /// `nil`: not there.
    func activityText(as type: LeadField.DataType) -> String? {
        switch (self, type) {
        case (.none, _): nil
        case (.number(let flag), .boolean): flag == 0 ? "False" : "True"
        case (.number(let seconds), .datetime): CivilTime(seconds: seconds).zoneless
        case (.number(let seconds), .date): CivilTime(seconds: seconds).date
        case (.text(let text), _): text
        case (.number(let number), _): String(number)
        case (.decimal(let number), _): String(number)
        }
    }

    /// As a plain text, for filters.
    var plain: String {
        switch self {
        case .none: ""
        case .text(let text): text
        case .number(let number): String(number)
        case .decimal(let number): String(number)
        }
    }

    var number: Int64? {
        if case .number(let number) = self { number } else { nil }
    }

    var text: String? {
        if case .text(let text) = self { text } else { nil }
    }
}
