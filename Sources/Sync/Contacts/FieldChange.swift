/// One value that the sync changed, as the audit keeps it: what, before, after, by which rule.
package struct FieldChange: Hashable, Sendable {
    /// The column's name.
    package let what: String
    /// Before; `nil` = there was none.
    package let old: String?
    /// After; `nil` = there is none.
    package let new: String?
    /// Why this contact.
    package let rule: MatchRule

    package init(_ what: String, _ old: String?, _ new: String?, _ rule: MatchRule) {
        self.what = what
        self.old = old
        self.new = new
        self.rule = rule
    }
}
