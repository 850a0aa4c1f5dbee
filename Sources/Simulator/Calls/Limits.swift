/// What the instance allows; `nil` switches a limit off.
///
/// Source: reference 3.1.
package struct Limits: Sendable, Codable, Equatable {
    /// Calls in any 20 s; the next one is told 606.
    package var callsPerWindow: Int?
    /// Seconds of that window.
    package var windowSeconds: Double
    /// Calls under way at the same moment; the next one is told 615.
    package var atOnce: Int?
    /// Calls from midnight to midnight, Central Time; the next one is told 607.
    package var callsPerDay: Int?

    package init(callsPerWindow: Int? = 100, windowSeconds: Double = 20, atOnce: Int? = 10, callsPerDay: Int? = 50_000) {
        self.callsPerWindow = callsPerWindow
        self.windowSeconds = windowSeconds
        self.atOnce = atOnce
        self.callsPerDay = callsPerDay
    }

    /// No limit at all.
    package static let off = Limits(callsPerWindow: nil, atOnce: nil, callsPerDay: nil)
}
