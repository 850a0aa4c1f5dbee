/// A person in Marketo, by the number that Marketo gave.
///
/// Given sequentially from 1, never twice (marketo-rest.md 4.1). In JSON a bare number.
package struct LeadID: NumberedIdentity {
    /// The number itself.
    package let rawValue: Int64
    /// By its number.
    package init(rawValue: Int64) { self.rawValue = rawValue }

    /// The highest that is believed of a vendor: 2^53, the last that every JSON reader writes as it was.
    ///
    /// Far above what any subscription has, and far enough below the end of `Int64` that one may count on from it.
    package static let highest = LeadID(rawValue: 1 << 53)

    /// By a number as it was received; nil if it can't be a lead's.
    package init?(sane number: Int64) {
        guard (1...Self.highest.rawValue).contains(number) else { return nil }
        self.init(rawValue: number)
    }
}
