package import FoundationEssentials

/// The plainest form of the rule that bounds calls: the model against which the database's admission is tested.
///
/// The vendor counts arrivals in any 20 s; of an arrival it is only known that it lies between booking and end. So a call counts from its booking
/// until 20 s after its end (its lease's end, if none is known), and one may start while fewer than the limit count. Then no choice of arrivals
/// brings more than the limit into 20 s. Source: marketo-rest.md 3.1 (100 calls in 20 s, 10 at once), CONTRACT 5, DESIGN promise 6.
package struct CallLog: Hashable, Sendable {
    /// One booked call.
    package struct Call: Hashable, Sendable {
        package let bookedAt: Date
        /// When it was over; or the end of its lease if nobody said so.
        package var endsAt: Date

        package init(bookedAt: Date, endsAt: Date) {
            self.bookedAt = bookedAt
            self.endsAt = endsAt
        }
    }

    /// Why no call may start: which limit, and when to ask again at the earliest if nothing ends sooner.
    package enum Answer: Hashable, Sendable { case go, windowFull(until: Date), tooManyAtOnce(until: Date) }

    package let callsPerWindow: Int
    package let atOnce: Int
    package let window: TimeInterval
    package private(set) var calls: [Call] = []

    package init(callsPerWindow: Int, atOnce: Int, window: TimeInterval = 20) {
        self.callsPerWindow = callsPerWindow
        self.atOnce = atOnce
        self.window = window
    }

    /// How many calls may start at `now`.
    package func free(at now: Date) -> Int {
        max(0, min(self.callsPerWindow - self.counting(at: now).count, self.atOnce - self.running(at: now).count))
    }

    /// Books a call that ends, or whose lease ends, at `end`; or says why not.
    package mutating func book(at now: Date, until end: Date) -> Answer {
        let counting = self.counting(at: now)
        if counting.count >= self.callsPerWindow {
            let ends = counting.map(\.endsAt).sorted()
            return .windowFull(until: ends[counting.count - self.callsPerWindow].addingTimeInterval(self.window))
        }
        let running = self.running(at: now)
        if running.count >= self.atOnce { return .tooManyAtOnce(until: running.map(\.endsAt).sorted()[running.count - self.atOnce]) }
        self.calls.append(Call(bookedAt: now, endsAt: end))
        return .go
    }

    /// The call that was booked as number `index` (from 0) is over.
    package mutating func end(_ index: Int, at now: Date) { self.calls[index].endsAt = min(now, self.calls[index].endsAt) }

    private func counting(at now: Date) -> [Call] { self.calls.filter { now < $0.endsAt.addingTimeInterval(self.window) } }
    private func running(at now: Date) -> [Call] { self.calls.filter { now < $0.endsAt } }
}
