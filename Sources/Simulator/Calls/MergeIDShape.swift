/// How activity 32 spells its losers; no recording shows which.
package enum MergeIDShape: String, Sendable, Codable {
    /// `[864,865]`.
    case list
    /// `"[864,865]"`.
    case text
    /// `"864,865"`.
    case commas

    /// The attribute's value.
    func value(_ ids: [Int64]) -> JSONValue {
        switch self {
        case .list: .array(ids.map { .number(String($0)) })
        case .text: .string("[" + ids.map(String.init).joined(separator: ",") + "]")
        case .commas: .string(ids.map(String.init).joined(separator: ","))
        }
    }
}
