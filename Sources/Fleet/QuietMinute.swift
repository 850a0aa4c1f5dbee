package import Foundation

/// A minute for a tenant's hourly sync that does not come while a demo, a benchmark or a test runs.
package enum QuietMinute {
    /// Half an hour away from `now`, as the setting `sweep-minute` takes it.
    ///
    /// By UTC: in a zone half an hour off, such as India's, the local minute would be the very one to avoid.
    package static func setting(at now: Date = .now) -> String { "\((Int(now.timeIntervalSince1970 / 60) + 30) % 60)" }
}
