import NIOCore

/// The fields of the instance, in the order of `describe.json`.
///
/// A field can be hidden at run time, as if an administrator had.
package struct FieldCatalog: Sendable {
    package private(set) var fields: [LeadField]
    private var indexByName: [String: Int] = [:]
    private var hidden: Set<String> = []
    /// `"name":` of each field, ready to be copied into a page.
    private(set) var keys: [ByteBuffer] = []

    package init(fields: [LeadField] = LeadField.standard) {
        self.fields = []
        for field in fields { self.add(field) }
    }

    /// Adds a field at the end; one that is there already is shown again instead.
    package mutating func add(_ field: LeadField) {
        self.hidden.remove(field.name)
        guard self.indexByName[field.name] == nil else { return }
        self.indexByName[field.name] = self.fields.count
        var key = ByteBuffer()
        key.writeJSON(field.name)
        key.writeString(":")
        self.keys.append(key)
        self.fields.append(field)
    }

    /// Makes a field vanish from describe and from use.
    package mutating func hide(_ name: String) { self.hidden.insert(name) }

    /// Gives a field another label.
    mutating func label(_ name: String, _ label: String) {
        if let index = self.indexByName[name] { self.fields[index].displayName = label }
    }

    /// Brings a hidden field back, its values with it.
    package mutating func show(_ name: String) { self.hidden.remove(name) }

    /// Where the field is, if there is one of that name to be used.
    package func index(of name: String) -> Int? {
        self.hidden.contains(name) ? nil : self.indexByName[name]
    }

    /// The fields that are not hidden.
    package var visible: [LeadField] {
        self.hidden.isEmpty ? self.fields : self.fields.filter { !self.hidden.contains($0.name) }
    }

    /// A free number for a new field.
    package var nextID: Int64 {
        (self.fields.map(\.id).max() ?? 1_000) + 1
    }
}
