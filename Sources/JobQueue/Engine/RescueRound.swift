/// How many jobs of dead processes are rescued at a time.
///
/// Many; but when that fails, because somebody's open transaction holds a key that one of them needs, each by itself, and the one that
/// fails is left for a later round: it must not hold up the others.
struct RescueRound: Sendable {
    private static let usual = 100

    /// How many at the most.
    private(set) var bite = RescueRound.usual
    /// Those that are left for later.
    private(set) var blocked: [JobID] = []
    /// Whether the next bite should not wait.
    private(set) var isAmid = false

    /// A bite of so many was rescued.
    mutating func went(well count: Int) {
        if count == self.bite {
            self.isAmid = true
        } else {
            self = RescueRound()
        }
    }

    /// These were found, and it failed.
    mutating func failed(at found: [JobID]) {
        if self.bite > 1, !found.isEmpty {
            self.bite = 1
            self.isAmid = true
        } else if let only = found.first {
            self.blocked.append(only)
            self.isAmid = true
        } else {
            self = RescueRound()
        }
    }
}
