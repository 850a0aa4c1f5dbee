/// Admits calls by the limits and keeps the evidence.
///
/// A value: the owner brings the lock and the time.
package struct CallDesk: Sendable {
    package var limits: Limits {
        didSet { self.window.span = Self.nanoseconds(self.limits.windowSeconds) }
    }
    private var window: ArrivalWindow
    /// Everything that counts, for the evidence; the same as `window` while that one slides.
    private var seen = ArrivalWindow()
    /// The same for each API user alone.
    private var traces: [String: UserTrace] = [:]
    private var running = 0
    /// How many calls that change leads are under way with each.
    private var leadsInCalls: [Int64: Int] = [:]
    /// By the vendor's day.
    private var days: [Int64: DayUsage] = [:]
    private var lastCallAfterQuota: Int64?
    private var evidence = Evidence()

    package init(limits: Limits, fixedWindow: Bool) {
        self.limits = limits
        self.window = ArrivalWindow(span: Self.nanoseconds(limits.windowSeconds), isFixed: fixedWindow)
    }

    /// A window has a length: at least a nanosecond, at most a day.
    private static func nanoseconds(_ seconds: Double) -> Int64 { Int64(clamping: seconds * 1_000_000_000, to: 1...86_400_000_000_000) }

    /// How the window lies: any 20 s, or fixed stretches.
    mutating func setFixedWindow(_ isFixed: Bool) { self.window.isFixed = isFixed }

    /// Whether the day's calls are used up.
    func quotaIsSpent(day: Int64) -> Bool {
        guard let limit = self.limits.callsPerDay else { return false }
        return self.days[day]?.total ?? 0 >= limit
    }

    /// A call that counts arrives.
    ///
    /// - Parameters:
    ///   - uptime: Nanoseconds of real time: the window and the slots go by it.
    ///   - day: The vendor's day by the simulated clock.
    ///   - route: Whether the call is one to `stats/` or of a bulk export, which have rules of their own.
    ///   - rules: Which of the undocumented readings hold.
    /// - Returns: `nil` when it may go on (`leave` must follow); else the code to refuse it with.
    mutating func arrive(uptime: Int64, day: Int64, user: String, route: VendorRoute, rules: Switches) -> VendorError? {
        let refusal = self.refusal(uptime: uptime, day: day, route: route, rules: rules)
        if self.quotaIsSpent(day: day) { self.noteAfterQuota(uptime: uptime, in: route.isStats ? \.statsCallsAfterQuota : \.callsAfterQuota) }
        let counts = !(route.isStats && !rules.statsCallsCount) && !(route.isBulk && !rules.bulkCallsCount)
        let isBooked = counts && (refusal == nil || rules.refusedCallsCount)
        self.traces[user, default: UserTrace()].arrive(at: uptime, counts: isBooked, isRefused: refusal != nil)
        if isBooked {
            self.window.add(at: uptime)
            self.seen.add(at: uptime)
            self.days[day, default: DayUsage()].count(user: user)
            self.evidence.counted += 1
            self.evidence.callsByUser[user, default: 0] += 1
        }
        // A refused call was under way beside the others all the same: else nobody could be seen to overdo it.
        self.evidence.mostAtOnce = max(self.evidence.mostAtOnce, self.running + 1)
        if refusal == nil { self.running += 1 }
        return refusal
    }

    /// What a call that arrives now would be refused with; `nil`: it may go on.
    mutating func refusal(uptime: Int64, day: Int64, route: VendorRoute, rules: Switches) -> VendorError? {
        if let limit = self.limits.atOnce, self.running >= limit {
            return VendorError("615", "Concurrent access limit '\(limit)' reached")
        }
        if route.isBulk, !rules.bulkCallsCount { return nil }
        if let limit = self.limits.callsPerWindow, self.window.count(at: uptime) >= limit {
            return VendorError("606", "Max rate limit '\(limit)' exceeded with in '\(self.window.span / 1_000_000_000)' secs")
        }
        return self.quotaIsSpent(day: day) && !(route.isStats && rules.statsAnswerAfterQuota)
            ? VendorError("607", "Daily API Request Quota reached") : nil
    }

    /// A call of `user` that was let in is about to be answered.
    package mutating func leave(user: String) {
        self.running -= 1
        self.traces[user]?.leave()
    }

    /// A call that is to change these leads begins.
    mutating func begin(leads: [Int64]) {
        for lead in leads {
            self.leadsInCalls[lead, default: 0] += 1
            if self.leadsInCalls[lead] == 2 { self.evidence.leadsInTwoCalls += 1 }
        }
    }

    /// It is over.
    mutating func end(leads: [Int64]) {
        for lead in leads {
            let others = (self.leadsInCalls[lead] ?? 0) - 1
            self.leadsInCalls[lead] = others > 0 ? others : nil
        }
    }

    /// A call to the identity endpoint.
    mutating func identityCall(uptime: Int64, day: Int64) {
        self.evidence.identityCalls += 1
        if self.quotaIsSpent(day: day) { self.noteAfterQuota(uptime: uptime, in: \.identityCallsAfterQuota) }
    }

    /// A call was answered, or went without an answer.
    ///
    /// - Parameter errorCode: What `stats/errors.json` counts it under; `nil`: nothing.
    mutating func answered(path: String, code: String, errorCode: String?, day: Int64) {
        self.evidence.callsByPath[path, default: 0] += 1
        self.evidence.callsByCode[code, default: 0] += 1
        if let errorCode { self.days[day, default: DayUsage()].count(error: errorCode) }
    }

    mutating func readLeads(_ count: Int) { self.evidence.leadsRead += count }
    mutating func fired(_ fault: FaultRule.Kind) { self.evidence.faults[fault.rawValue, default: 0] += 1 }
    mutating func lived(_ change: String) { self.evidence.liveChanges[change, default: 0] += 1 }

    /// Calls other integrations made today; they use up the same quota.
    package mutating func count(user: String, calls: Int, day: Int64) {
        self.days[day, default: DayUsage()].count(user: user, calls: calls)
    }

    /// The usage of a day; empty for a day without calls.
    func usage(day: Int64) -> DayUsage { self.days[day] ?? DayUsage() }

    /// What was seen since the start or the last reset.
    package var report: Evidence {
        var report = self.evidence
        report.mostInAnyWindow = self.seen.most
        report.mostInAnyWindowByUser = self.traces.mapValues(\.mostInAnyWindow).filter { $0.value > 0 }
        report.mostAtOnceByUser = self.traces.mapValues(\.mostAtOnce).filter { $0.value > 0 }
        return report
    }

    /// Begins a new record; the limits go on counting.
    package mutating func resetEvidence() {
        self.evidence = Evidence()
        self.seen = ArrivalWindow()
        for user in self.traces.keys { self.traces[user]?.reset() }
        self.lastCallAfterQuota = nil
    }

    private mutating func noteAfterQuota(uptime: Int64, in counter: WritableKeyPath<Evidence, Int>) {
        self.evidence[keyPath: counter] += 1
        if let last = self.lastCallAfterQuota {
            let seconds = Double(uptime - last) / 1_000_000_000
            self.evidence.leastSecondsBetweenCallsAfterQuota = min(self.evidence.leastSecondsBetweenCallsAfterQuota ?? seconds, seconds)
        }
        self.lastCallAfterQuota = uptime
    }
}
