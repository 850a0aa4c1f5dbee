/// A type of activity as this subscription has it, its own ones included.
package struct ActivityType: Sendable, Equatable {
    /// Its number; 100001 and above are the subscription's own.
    package let id: Int
    /// What people call it.
    package let name: String
    /// What the primary attribute is called; `nil` for types without one.
    package let primaryAttribute: String?
    /// The names of its details.
    package let attributes: [String]
}

extension ActivityType {
    /// `nil` for an element without id or name.
    static func read(_ reader: inout JSONReader) throws(JSONError) -> ActivityType? {
        let record = try reader.readValue()
        guard let id = record["id"]?.wholeNumber.flatMap({ Int(exactly: $0) }), let name = record["name"]?.plainText else { return nil }
        var attributes: [String] = []
        if case .array(let elements)? = record["attributes"] { attributes = elements.compactMap { $0["name"]?.plainText } }
        return ActivityType(id: id, name: name, primaryAttribute: record["primaryAttribute"]?["name"]?.plainText, attributes: attributes)
    }
}
