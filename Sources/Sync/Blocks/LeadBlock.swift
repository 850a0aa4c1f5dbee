/// 300 consecutive lead ids: what one call reads.
///
/// Block n holds the ids 300 n + 1 … 300 n + 300.
///
/// In JSON a bare number. Source: marketo-rest.md 4.1 (300 values a call), sync-algorithms.md 3.3.
package struct LeadBlock: Codable, Hashable, Comparable, Sendable, CustomStringConvertible {
    /// How many ids a block holds.
    package static let size: Int64 = 300

    /// From 0.
    package let number: Int64

    /// By its number; below 0 there is none, so that counts as 0, and likewise far above every id.
    package init(number: Int64) { self.number = min(max(0, number), Int64.max / Self.size - 2) }

    /// The block that holds this lead.
    package init(holding lead: LeadID) { self.init(number: (max(1, lead.rawValue) - 1) / Self.size) }

    /// From a bare number.
    package init(from decoder: any Decoder) throws { self.init(number: try decoder.singleValueContainer().decode(Int64.self)) }

    /// As a bare number.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.number)
    }

    /// Its ids, first to last.
    package var range: ClosedRange<Int64> { (self.number * Self.size + 1)...((self.number + 1) * Self.size) }

    /// Its ids, the lowest first.
    package var leadIDs: [LeadID] { self.range.map(LeadID.init(rawValue:)) }

    /// The one above it.
    package var next: LeadBlock { LeadBlock(number: self.number + 1) }

    /// Its number.
    package var description: String { String(self.number) }

    /// The lower ids come first.
    package static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}
