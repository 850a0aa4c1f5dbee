/// How far a claim looks, and what follows one.
///
/// A claim looks at a few dozen (tenant, priority, kind, version) with ready jobs. While all it meets are held back, by gates or for want of room, it
/// looks further each time; and once it has been all round without finding any it rests, longer after a longer way. So a thousand tenants behind
/// their gates cost a walk now and then and no storm, and one that may run is found among them all the same.
struct ClaimPace: Sendable {
    /// What follows a claim.
    enum Next: Sendable, Equatable {
        /// There is more than there was room for: again as soon as there is room.
        case whenThereIsRoom
        /// Not all tenants were seen: again at once.
        case goOn
        /// There is nothing to take: rest for so many times the usual wait, or until woken.
        case rest(Double)
    }

    private static let farthest = 4_096

    private let usual: Int
    /// How many of them the next claim looks at, at the most.
    private(set) var steps: Int
    /// How far it has looked, and how often past the last tenant, since it found anything.
    private var walked = 0
    private var rounds = 0

    /// For a process that does so many things at once.
    init(concurrency: Int) {
        self.usual = min(max(concurrency * 2, 64), 256)
        self.steps = self.usual
    }

    /// After a claim that took `taken` jobs and saw what it saw.
    mutating func next(taken: Int, hasMore: Bool, isWholeCircle: Bool, hasWrapped: Bool) -> Next {
        let walked = self.walked + self.steps
        let rounds = self.rounds + (hasWrapped ? 1 : 0)
        // Twice past the end is once all round, wherever it began.
        let hasSeenAll = isWholeCircle || rounds >= 2
        guard taken == 0, !hasMore, !hasSeenAll else {
            self = ClaimPace(usual: self.usual)
            if hasMore { return .whenThereIsRoom }
            guard hasSeenAll else { return .goOn }
            return .rest(min(5, 1 + Double(walked - self.usual) / 2_048))
        }
        self.walked = walked
        self.rounds = rounds
        self.steps = min(self.steps * 4, Self.farthest)
        return .goOn
    }

    private init(usual: Int) {
        self.usual = usual
        self.steps = usual
    }
}
