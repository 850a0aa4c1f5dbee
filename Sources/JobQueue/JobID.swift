/// The number of a job, given by the database and never used twice.
package struct JobID: RawRepresentable, Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
    /// As in `jobs.job.id`.
    package let rawValue: Int64

    /// A number the database gave.
    package init(rawValue: Int64) { self.rawValue = rawValue }

    /// The bare number.
    package init(from decoder: any Decoder) throws { self.rawValue = try decoder.singleValueContainer().decode(Int64.self) }

    /// The bare number.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.rawValue)
    }

    /// The bare number.
    package var description: String { String(self.rawValue) }

    /// The older job first.
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
