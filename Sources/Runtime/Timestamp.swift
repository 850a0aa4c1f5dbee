package import Foundation

/// Times as other programs read them: RFC 3339, UTC, with a `Z`.
package enum Timestamp {
    /// `2026-11-23T15:04:05Z`, or with milliseconds when `fraction` is set.
    package static func text(_ date: Date, fraction: Bool = false) -> String {
        date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: fraction))
    }
}
