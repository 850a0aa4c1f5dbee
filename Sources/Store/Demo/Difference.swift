/// Something in which the two sides do not agree.
package struct Difference: Sendable, Hashable, CustomStringConvertible {
    /// In what way.
    package enum Kind: String, Sendable, CaseIterable {
        /// It should be there and is not.
        case missing
        /// It is there once too often.
        case doubled
        /// It should have followed a change and did not.
        case stale
        /// It should have stayed as it was made and did not (R63).
        case altered
    }

    /// In what way.
    package let kind: Kind
    /// Which record: "lead 7", "contact 12", "account 3".
    package let record: String
    /// What is wrong, without what the record holds.
    package let text: String

    /// One safe sentence.
    package var description: String { "\(self.record) is \(self.kind.rawValue): \(self.text)" }
}
