/// A deal in Mazrica.
///
/// The number in `crm.deals`. In JSON a bare number.
package struct DealID: NumberedIdentity {
    /// The number itself.
    package let rawValue: Int64
    /// By its number.
    package init(rawValue: Int64) { self.rawValue = rawValue }
}
