/// One JSON value, as received.
///
/// An object keeps its members in the order received; of two members with one name, the later counts.
enum JSONValue: Sendable, Equatable {
    case null
    case boolean(Bool)
    case integer(Int64)
    /// A number with a fraction or an exponent, or one that `Int64` can't hold. Always finite.
    case decimal(Double)
    case text(String)
    case array([JSONValue])
    case object([Member])
    /// Something stands there that can't be held: a number beyond every `Double`, a text that is not UTF-8.
    ///
    /// The member that has it can't be read; its record, and the page, can.
    case unreadable

    /// A name and its value.
    struct Member: Sendable, Equatable {
        let name: String
        let value: JSONValue
    }

    /// The member called `name` of an object; `nil` when there is none or this is no object.
    subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name == name }?.value
    }
}
