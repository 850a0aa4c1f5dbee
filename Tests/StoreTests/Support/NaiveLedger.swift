/// The rules of call admission written down as plainly as can be: the whole history is kept and looked through each time.
///
/// Times are milliseconds from an arbitrary start. Knows window, running calls and day; of a vendor's answers it knows nothing.
struct NaiveLedger {
    struct Call {
        let booked: Int
        var leaseEnd: Int
        var ended: Int?

        /// When it is surely over at the vendor: no call outlives its lease.
        var over: Int { min(self.ended ?? self.leaseEnd, self.leaseEnd) }
    }

    let perWindow: Int
    let atOnce: Int
    let perDay: Int
    /// Length of the vendor's day, and when the first one after time 0 begins.
    let day: Int
    let dayStart: Int
    /// Twenty seconds and a tenth.
    let window = 20_100
    private(set) var calls: [Call] = []

    /// nil if a call may leave at `now`, and then it is booked; else the reason.
    mutating func admit(at now: Int, lease: Int) -> String? {
        let today = (now - self.dayStart + self.day) / self.day
        if self.calls.count(where: { ($0.booked - self.dayStart + self.day) / self.day == today }) >= self.perDay { return "day" }
        if self.calls.count(where: { $0.ended == nil && $0.leaseEnd > now }) >= self.atOnce { return "concurrency" }
        if self.calls.count(where: { ($0.ended ?? $0.leaseEnd) + self.window > now }) >= self.perWindow { return "window" }
        self.calls.append(Call(booked: now, leaseEnd: now + lease, ended: nil))
        return nil
    }

    /// Ends a call, by its place in the history.
    mutating func finish(_ place: Int, at now: Int) { self.calls[place].ended = now }

    /// A call whose connection broke: the vendor may be at work on it for 3 s more, to the end of its lease at most.
    mutating func lose(_ place: Int, at now: Int) { self.calls[place].leaseEnd = min(self.calls[place].leaseEnd, now + 3_000) }

    /// A call that never left: as if it had not been booked.
    mutating func forget(_ place: Int) { self.calls[place] = Call(booked: Self.unsent, leaseEnd: Self.unsent, ended: Self.unsent) }

    /// Long before any history.
    private static let unsent = Int.min / 2

    /// Those that may have reached the vendor.
    private var sent: [Call] { self.calls.filter { $0.booked > Self.unsent } }

    /// The most calls of which each could have arrived at the vendor within the same 20 s.
    ///
    /// A call arrives after its booking, and before its end or, at the latest, its lease's. So at the booking of the last of them, none had ended 20 s ago.
    var mostThatMayMeet: Int { self.mostBooked { call, moment in call.over > moment - 20_000 } }

    /// The most calls that may have been under way at the vendor at the same moment.
    var mostAtOnce: Int { self.mostBooked { call, moment in call.over > moment } }

    /// Of all moments at which a call was booked, the most calls booked by then for which `counts` holds.
    private func mostBooked(_ counts: (Call, Int) -> Bool) -> Int {
        let sent = self.sent
        return sent.map { last in sent.count { $0.booked <= last.booked && counts($0, last.booked) } }.max() ?? 0
    }

    /// The most of `moments` that lie in any stretch of 20 s.
    static func most(of moments: [Int], within span: Int = 20_000) -> Int {
        let sorted = moments.sorted()
        var most = 0
        var first = 0
        for (place, moment) in sorted.enumerated() {
            while sorted[first] <= moment - span { first += 1 }
            most = max(most, place - first + 1)
        }
        return most
    }
}
