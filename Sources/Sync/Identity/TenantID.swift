/// A customer: one Mazrica company with its Marketo subscription.
///
/// The number in `sync.tenants` and `jobs.tenant`. In JSON a bare number.
package struct TenantID: NumberedIdentity {
    /// The number itself.
    package let rawValue: Int64
    /// By its number.
    package init(rawValue: Int64) { self.rawValue = rawValue }
}
