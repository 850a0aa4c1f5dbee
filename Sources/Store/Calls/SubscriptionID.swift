/// A vendor subscription: what the vendor's limits are counted by.
///
/// Two tenants may share one.
package struct SubscriptionID: RawRepresentable, Hashable, Sendable, Codable {
    /// The number in `sync.subscriptions`.
    package let rawValue: Int64

    /// By its number.
    package init(rawValue: Int64) { self.rawValue = rawValue }

    /// From a bare number.
    package init(from decoder: any Decoder) throws { self.rawValue = try decoder.singleValueContainer().decode(Int64.self) }

    /// As a bare number.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.rawValue)
    }
}
