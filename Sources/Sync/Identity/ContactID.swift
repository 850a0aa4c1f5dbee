/// A person in Mazrica.
///
/// The number in `crm.contacts`. In JSON a bare number.
package struct ContactID: NumberedIdentity {
    /// The number itself.
    package let rawValue: Int64
    /// By its number.
    package init(rawValue: Int64) { self.rawValue = rawValue }
}
