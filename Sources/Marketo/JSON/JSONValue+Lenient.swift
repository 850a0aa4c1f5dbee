import FoundationEssentials
import Sync

/// The values that Marketo writes in more than one way, read in all of them.
///
/// Source: the recorded shapes in the API reference, sections 2.1, 2.4 and 7: ids as numbers or text, whole numbers as `14.0`, five shapes of time.
extension JSONValue {
    /// A whole number: `14`, `14.0`, `"14"`, `"14.0"`, `"+10"`; `nil` for anything else.
    var wholeNumber: Int64? {
        switch self {
        case .integer(let number): number
        case .decimal(let number): Int64(exactly: number)
        case .text(let text): Int64(text) ?? Double(text).flatMap { Int64(exactly: $0) }
        case .null, .boolean, .array, .object, .unreadable: nil
        }
    }

    /// A lead's number; `nil` for anything that can't be one.
    var leadID: LeadID? { self.wholeNumber.flatMap { LeadID(sane: $0) } }

    /// Text, or a number or truth value as it would be written; `nil` for `null`, arrays and objects.
    var plainText: String? {
        switch self {
        case .text(let text): text
        case .integer(let number): String(number)
        case .decimal(let number): Int64(exactly: number).map { String($0) } ?? "\(number)"
        case .boolean(let flag): flag ? "true" : "false"
        case .null, .array, .object, .unreadable: nil
        }
    }

    /// `true`, `"true"`, `"True"`, `1` and their opposites; `nil` for anything else.
    var truth: Bool? {
        switch self {
        case .boolean(let flag): flag
        case .integer(let number): number == 1 ? true : number == 0 ? false : nil
        case .text(let text):
            switch text.lowercased() {
            case "true", "1": true
            case "false", "0": false
            default: nil
            }
        case .null, .decimal, .array, .object, .unreadable: nil
        }
    }

    /// A moment in any of the vendor's shapes; `nil` for anything else.
    var moment: Date? {
        guard case .text(let text) = self else { return nil }
        return VendorTime.date(text)
    }
}
