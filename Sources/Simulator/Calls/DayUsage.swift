/// One vendor day of calls: what `stats/usage.json` and `stats/errors.json` tell.
struct DayUsage: Sendable {
    /// By API user.
    private(set) var calls: [String: Int] = [:]
    /// By response-level code.
    private(set) var errors: [String: Int] = [:]

    var total: Int { self.calls.values.reduce(0, +) }
    var errorTotal: Int { self.errors.values.reduce(0, +) }

    mutating func count(user: String, calls: Int = 1) { self.calls[user, default: 0] += calls }
    mutating func count(error code: String) { self.errors[code, default: 0] += 1 }
}
