/// A person in Marketo, by the number that Marketo gave.
///
/// Given sequentially from 1, never twice (marketo-rest.md 4.1). In JSON a bare number.
package struct LeadID: NumberedIdentity {
    /// The number itself.
    package let rawValue: Int64
    /// No lead has a higher number: Marketo keeps it in 32 bits.
    package static let highest = LeadID(rawValue: Int64(Int32.max))
    /// By its number.
    package init(rawValue: Int64) { self.rawValue = rawValue }
}
