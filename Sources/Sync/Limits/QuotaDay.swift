package import Foundation

/// One of the vendor's days: from midnight to midnight where the vendor keeps its books, so 23 or 25 hours long twice a year.
///
/// Source: marketo-rest.md 3.1 (whether the zone follows daylight saving is not known; `quota-zone` decides).
package struct QuotaDay: Hashable, Sendable {
    /// Its first instant.
    package let start: Date
    /// The first instant of the next day: when the quota is whole again.
    package let reset: Date
    /// `2026-11-23`, the date where the vendor is.
    package let text: String

    /// The day in which `instant` lies; `nil` if nobody knows such a zone.
    package init?(containing instant: Date, zone identifier: String) {
        guard let zone = TimeZone(identifier: identifier) else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let start = calendar.startOfDay(for: instant)
        // Noon of the next day is in the next day whatever the clocks do at night.
        guard let noon = calendar.date(byAdding: .hour, value: 36, to: start) else { return nil }
        self.start = start
        self.reset = calendar.startOfDay(for: noon)
        let parts = calendar.dateComponents([.year, .month, .day], from: start)
        let padded = [parts.year, parts.month, parts.day].enumerated().map { place, value in
            let digits = String(value ?? 0)
            return String(repeating: "0", count: max(0, (place == 0 ? 4 : 2) - digits.count)) + digits
        }
        self.text = padded.joined(separator: "-")
    }

    /// When work that was held back goes on: 30 to 300 s after the reset, spread by `random` (0 ..< 1), as not all may come at once.
    ///
    /// Source: sync-algorithms.md 3.5.
    package func resume(random: Double) -> Date { self.reset.addingTimeInterval(30 + 270 * min(max(random, 0), 1)) }
}
