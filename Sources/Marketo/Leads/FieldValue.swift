package import FoundationEssentials

/// A field's value, as it goes to Marketo or comes from it.
package enum FieldValue: Sendable, Equatable {
    /// Clears the field; a truth value becomes false.
    case null
    case text(String)
    case integer(Int64)
    case decimal(Double)
    case boolean(Bool)
    /// Goes out as UTC to the second; comes back as text, because only the field list tells a time from a text.
    case moment(Date)

    /// As a person would read it; `nil` for nothing.
    package var shownText: String? {
        switch self {
        case .null: nil
        case .text(let text): text
        case .integer(let number): String(number)
        case .decimal(let number): String(number)
        case .boolean(let flag): String(flag)
        case .moment(let date): VendorTime.text(date)
        }
    }

    var json: JSONValue {
        switch self {
        case .null: .null
        case .text(let text): .text(text)
        case .integer(let number): .integer(number)
        case .decimal(let number): .decimal(number)
        case .boolean(let flag): .boolean(flag)
        case .moment(let date): .text(VendorTime.text(date))
        }
    }

    init(_ value: JSONValue) {
        switch value {
        case .null, .unreadable: self = .null
        case .text(let text): self = .text(text)
        case .integer(let number): self = .integer(number)
        case .decimal(let number): self = .decimal(number)
        case .boolean(let flag): self = .boolean(flag)
        // No field is either; kept readable rather than lost.
        case .array, .object: self = .text(String(decoding: JSONWriter.bytes(value), as: UTF8.self))
        }
    }
}
