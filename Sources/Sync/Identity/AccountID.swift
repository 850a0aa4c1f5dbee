/// A company in Mazrica.
///
/// The number in `crm.accounts`. In JSON a bare number.
package struct AccountID: NumberedIdentity {
    /// The number itself.
    package let rawValue: Int64
    /// By its number.
    package init(rawValue: Int64) { self.rawValue = rawValue }
}
