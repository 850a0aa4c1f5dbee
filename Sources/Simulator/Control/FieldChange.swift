/// A field's change as `leadchanges.json` tells it.
package struct FieldChange: Sendable {
    /// The REST name.
    package let name: String
    package let old: String?
    package let new: String?

    package init(_ name: String, old: String?, new: String?) {
        self.name = name
        self.old = old
        self.new = new
    }
}
