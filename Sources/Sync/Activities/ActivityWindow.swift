package import FoundationEssentials

/// The two weeks before a click: 14 × 24 h, free of calendars, both ends belonging to it (R19).
package struct ActivityWindow: Sendable, Equatable {
    package static let length: TimeInterval = 14 * 86_400

    package let from: Date
    package let to: Date

    /// Before `click`.
    package init(before click: Date) {
        self.from = click.addingTimeInterval(-Self.length)
        self.to = click
    }

    /// Whether `date` lies in it.
    package func contains(_ date: Date) -> Bool { self.from <= date && date <= self.to }
}
