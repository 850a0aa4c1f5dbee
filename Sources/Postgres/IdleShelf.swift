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
    /// Rounds of failing to connect since the last success.
    private(set) var failures = 0
    /// Nobody tries to connect before this, and each only a while of its own later.
    private var nextRound: ContinuousClock.Instant?
    /// How long that while is at most.
    private var spread = Duration.zero

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

    /// When a borrower may try to connect; `nil` when nothing stands against trying now.
    ///
    /// - Parameter jitter: by chance, from 0 to 1, each borrower's own, so that those who wait do not wake as one.
    func attempt(jitter: Double) -> ContinuousClock.Instant? {
        self.nextRound.map { $0 + self.spread * min(max(jitter, 0), 1) }
    }

    /// A connection came about.
    mutating func connected() {
        self.failures = 0
        self.nextRound = nil
    }

    /// An attempt that began at `start` came to nothing; whether that says anything new.
    ///
    /// Those who try at the same time fail for the same reason: the first of them counts for all, and the next round is after a growing while.
    mutating func failed(begunAt start: ContinuousClock.Instant, at now: ContinuousClock.Instant) -> Bool {
        if let nextRound, start < nextRound { return false }
        self.spread = Backoff.half(after: self.failures)
        self.nextRound = now + self.spread
        self.failures += 1
        return true
    }
}
