/// A number that names one record, of a type of its own so that a lead is never taken for a contact.
///
/// In JSON a bare number; ordered and printed by it.
package protocol NumberedIdentity: RawRepresentable, Codable, Hashable, Comparable, Sendable, CustomStringConvertible where RawValue == Int64 {
    /// By its number.
    init(rawValue: Int64)
}

extension NumberedIdentity {
    /// From a bare number.
    package init(from decoder: any Decoder) throws { self.init(rawValue: try decoder.singleValueContainer().decode(Int64.self)) }

    /// As a bare number.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.rawValue)
    }

    /// The number in decimal digits.
    package var description: String { String(self.rawValue) }

    /// The smaller number comes first; for leads that is the older one.
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
