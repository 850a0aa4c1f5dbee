/// A person in Marketo, by the number that Marketo gave.
///
/// Given sequentially from 1, never twice (marketo-rest.md 4.1). In JSON a bare number.
package struct LeadID: NumberedIdentity {
    /// The number itself.
    package let rawValue: Int64
    /// By its number.
    package init(rawValue: Int64) { self.rawValue = rawValue }
}
