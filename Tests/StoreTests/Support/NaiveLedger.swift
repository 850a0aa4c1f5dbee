/// The rules of call admission written down as plainly as can be: the whole history is kept and looked through each time.
///
/// Times are milliseconds from an arbitrary start. Knows window, running calls and day; of a vendor's answers it knows nothing.
struct NaiveLedger {
    struct Call {
        let booked: Int
        let leaseEnd: Int
        var ended: Int?
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
