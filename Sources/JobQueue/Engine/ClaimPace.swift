/// How far a claim looks, and what follows one.
///
/// A claim looks at a few dozen (tenant, priority, kind, version) with ready jobs. Each costs it as much as one or two jobs more, so it takes more of
/// few while that fills its room, and looks at more while those have too little; whom it did not reach is the first of the next claim.
///
/// While all it meets are held back, by gates or for want of room, it looks further each time; and once it has been all round without finding any it
/// rests, longer after a longer way. So a thousand tenants behind their gates cost a walk now and then and no storm, and one that may run is found
/// among them all the same.
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

    /// While there is work.
    private static let fewest = 64
    private static let most = 256
    /// While none of it may run.
    private static let farthest = 4_096

    private let usual: Int
    /// How many of them the next claim looks at, at the most.
    private(set) var steps: Int
    /// How far it has looked, and how often past the last tenant, since it found anything.
    private var walked = 0
    private var rounds = 0

    init() { self.init(usual: Self.fewest) }

    /// After a claim with room for `room` units (jobs, or batches) that took `taken` jobs and saw what it saw.
    mutating func next(taken: Int, room: Int, hasMore: Bool, isWholeCircle: Bool, hasWrapped: Bool) -> Next {
        let walked = self.walked + self.steps
        let rounds = self.rounds + (hasWrapped ? 1 : 0)
        // Twice past the end is once all round, wherever it began.
        let hasSeenAll = isWholeCircle || rounds >= 2
        if hasSeenAll, !hasMore {
            let rest = min(5, 1 + Double(walked - self.usual) / 2_048)
            self = ClaimPace()
            return .rest(rest)
        }
        if taken > 0 || hasMore {
            self = ClaimPace(usual: self.width(isFull: taken >= room * 3 / 4, hasMore: hasMore, isWholeCircle: isWholeCircle))
            return hasMore ? .whenThereIsRoom : .goOn
        }
        self.walked = walked
        self.rounds = rounds
        self.steps = min(self.steps * 4, Self.farthest)
        return .goOn
    }

    /// How many lines to look at while there is work: fewer if those had enough for the room, more if they had too little.
    private func width(isFull: Bool, hasMore: Bool, isWholeCircle: Bool) -> Int {
        switch (isFull, hasMore, isWholeCircle) {
        case (true, true, _): max(Self.fewest, self.usual / 2)
        case (true, false, _), (false, _, true): self.usual
        case (false, _, false): min(self.usual * 2, Self.most)
        }
    }

    private init(usual: Int) {
        self.usual = usual
        self.steps = usual
    }
}
