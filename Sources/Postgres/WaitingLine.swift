/// Who may go in and who waits, first come first served.
///
/// No clock and no lock: the owner brings both.
struct WaitingLine: Sendable {
    /// Places nobody holds.
    private(set) var free: Int
    /// Those who wait, in the order they came.
    private(set) var queue: [UInt64] = []

    init(places: Int) { self.free = places }

    /// Whether `visitor` may go in at once; otherwise it waits.
    mutating func arrive(_ visitor: UInt64) -> Bool {
        if self.free > 0, self.queue.isEmpty {
            self.free -= 1
            return true
        }
        self.queue.append(visitor)
        return false
    }

    /// A place is given back; the visitor who now goes in, if one waits.
    mutating func giveBack() -> UInt64? {
        if !self.queue.isEmpty { return self.queue.removeFirst() }
        self.free += 1
        return nil
    }

    /// `visitor` no longer waits.
    mutating func leave(_ visitor: UInt64) {
        self.queue.removeAll { $0 == visitor }
    }

    /// Sends everybody home.
    mutating func empty() { self.queue.removeAll() }
}
