/// The connections nobody has borrowed, and what to do after failures to connect.
///
/// No clock, no lock, no socket: the owner brings all three.
struct IdleShelf<Item: Sendable>: Sendable {
    private struct Entry {
        let item: Item
        let born: ContinuousClock.Instant
        let shelved: ContinuousClock.Instant
    }

    private var entries: [Entry] = []
    /// Failures to connect since the last success.
    private(set) var failures = 0
    /// Nobody tries to connect before this.
    private(set) var nextAttempt: ContinuousClock.Instant?

    /// How many lie here.
    var count: Int { self.entries.count }

    /// Puts one back; the one used last is taken first, so that a quiet time lets the others grow old.
    mutating func put(_ item: Item, born: ContinuousClock.Instant, at now: ContinuousClock.Instant) {
        self.entries.append(Entry(item: item, born: born, shelved: now))
    }

    /// Takes the one used last.
    mutating func take() -> Item? { self.entries.popLast()?.item }

    /// Takes out those that have lain here for `idle` or are older than `age`.
    mutating func takeOld(idle: Duration, age: Duration, at now: ContinuousClock.Instant) -> [Item] {
        let old = self.entries.filter { $0.shelved + idle <= now || $0.born + age <= now }
        self.entries.removeAll { $0.shelved + idle <= now || $0.born + age <= now }
        return old.map(\.item)
    }

    /// Takes out all.
    mutating func takeAll() -> [Item] {
        defer { self.entries = [] }
        return self.entries.map(\.item)
    }

    /// A connection came about.
    mutating func connected() {
        self.failures = 0
        self.nextAttempt = nil
    }

    /// None came about: the next try is not before a jittered, growing while.
    mutating func failed(at now: ContinuousClock.Instant, jitter: Double) {
        self.nextAttempt = now + Backoff.wait(after: self.failures, jitter: jitter)
        self.failures += 1
    }
}
