package import NIOCore

/// A piece of JSON as it was sent: numbers keep their spelling (`14.1` for an integer field is the vendor's to refuse),
/// members keep their order.
package enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    /// The digits as sent.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    /// One `"name": value` of an object.
    package struct Member: Sendable, Equatable {
        package let name: String
        package let value: JSONValue

        package init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// Reads a whole document; `nil` when it is not JSON.
    package init?(parsing bytes: some Sequence<UInt8>) {
        var parser = JSONParser(bytes: Array(bytes))
        guard let value = parser.document() else { return nil }
        self = value
    }

    /// The member of that name, the last one if it is there twice; `nil` on anything but an object.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name == name }?.value
    }

    /// The text of a string or number.
    package var text: String? {
        switch self {
        case .string(let text), .number(let text): text
        case .bool(let flag): flag ? "true" : "false"
        case .null, .array, .object: nil
        }
    }

    /// A whole number, sent as a number or as digits in a string.
    package var integer: Int64? {
        self.text.flatMap { Int64($0) }
    }

    /// Any number.
    package var decimal: Double? {
        self.text.flatMap { Double($0) }
    }

    /// The elements of a list; `nil` on anything else.
    package var elements: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// Members of an object; `nil` on anything else.
    package var members: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }

    /// Writes the value as compact JSON.
    package func write(to buffer: inout ByteBuffer) {
        switch self {
        case .null: buffer.writeString("null")
        case .bool(let flag): buffer.writeString(flag ? "true" : "false")
        case .number(let digits): buffer.writeString(digits)
        case .string(let text): buffer.writeJSON(text)
        case .array(let elements): buffer.writeList(elements) { $1.write(to: &$0) }
        case .object(let members):
            buffer.writeString("{")
            for (index, member) in members.enumerated() {
                if index > 0 { buffer.writeString(",") }
                buffer.writeJSON(member.name)
                buffer.writeString(":")
                member.value.write(to: &buffer)
            }
            buffer.writeString("}")
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .number(String(value)) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
}
