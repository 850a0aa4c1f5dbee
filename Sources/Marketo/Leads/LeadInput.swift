package import Sync

/// One lead to be written: only the fields named in it are touched.
package struct LeadInput: Sendable, Equatable {
    /// What it is found by.
    package enum Key: Sendable, Equatable {
        case id(LeadID)
        case email(String)
    }

    /// What it is found by.
    package let key: Key
    /// By REST name; `.null` clears the field.
    package let values: [String: FieldValue]

    package init(_ key: Key, values: [String: FieldValue]) {
        self.key = key
        self.values = values
    }

    var json: JSONValue {
        let first: JSONValue.Member
        switch self.key {
        case .id(let id): first = .init(name: "id", value: .integer(id.rawValue))
        case .email(let email): first = .init(name: "email", value: .text(email))
        }
        // Sorted, so that the same write is the same bytes; the key's own field is written once.
        let rest = self.values.filter { $0.key != first.name }.sorted { $0.key < $1.key }
        return .object([first] + rest.map { .init(name: $0.key, value: $0.value.json) })
    }
}
