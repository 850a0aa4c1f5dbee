/// What the simulator saw its callers do.
package struct SimulatorEvidence: Decodable, Sendable {
    /// Every answered call by method and path, ids written as `{id}`.
    package let callsByPath: [String: Int]
    /// `0` for a success, else the vendor's code, `http 502` and the like.
    package let callsByCode: [String: Int]
    /// Calls that count against the quota.
    package let counted: Int
    /// The most counted calls in any 20 s.
    package let mostInAnyWindow: Int
    /// The most calls under way at the same moment.
    package let mostAtOnce: Int
    /// Calls that came after the day's quota was spent.
    package let callsAfterQuota: Int

    /// As seen; for a test, evidence of its own.
    package init(
        callsByPath: [String: Int] = [:], callsByCode: [String: Int] = [:], counted: Int = 0, mostInAnyWindow: Int = 0, mostAtOnce: Int = 0,
        callsAfterQuota: Int = 0
    ) {
        self.callsByPath = callsByPath
        self.callsByCode = callsByCode
        self.counted = counted
        self.mostInAnyWindow = mostInAnyWindow
        self.mostAtOnce = mostAtOnce
        self.callsAfterQuota = callsAfterQuota
    }

    /// Calls that read leads.
    package var leadCalls: Int { self.callsByPath.filter { $0.key.hasPrefix("GET ") && $0.key.hasSuffix("/leads.json") }.values.reduce(0, +) }

    /// Calls that were turned away because a limit was passed: 606 too many in 20 s, 607 too many a day, 615 too many at once.
    package var callsRefused: Int { ["606", "607", "615"].reduce(0) { $0 + (self.callsByCode[$1] ?? 0) } }
}
