import DequeModule

/// The calls that arrived in the last stretch of time, to the nanosecond.
///
/// No clock: the owner brings the time.
package struct ArrivalWindow: Sendable {
    /// Nanoseconds.
    package var span: Int64
    /// Windows that begin on multiples of the span instead of any stretch of it.
    package var isFixed: Bool
    private var arrivals: Deque<Int64> = []
    /// The most that ever were in one window at once.
    package private(set) var most = 0

    package init(span: Int64 = 20_000_000_000, isFixed: Bool = false) {
        self.span = span
        self.isFixed = isFixed
    }

    /// How many are in the window that ends now.
    ///
    /// A call exactly one span old is out of it.
    package mutating func count(at now: Int64) -> Int {
        let begin = self.isFixed ? now - now % self.span : now - self.span + 1
        while let oldest = self.arrivals.first, oldest < begin { self.arrivals.removeFirst() }
        return self.arrivals.count
    }

    /// Books an arrival.
    package mutating func add(at now: Int64) {
        let count = self.count(at: now)
        self.arrivals.append(now)
        self.most = max(self.most, count + 1)
    }
}
