/// Leads per second over the last ten seconds or so: smooth enough to read, young enough to believe.
struct LeadRate: Sendable {
    private var samples: [(at: ContinuousClock.Instant, leads: Int, blocks: Int)] = []

    /// Without samples yet.
    init() {}

    /// Notes what had been done at `at`.
    mutating func note(_ progress: LoadProgress, at: ContinuousClock.Instant) {
        self.samples.append((at, progress.leads, progress.blocksDone))
        // The oldest sample that stays is the last one that is older than the span.
        while self.samples.count > 2, let second = self.samples.dropFirst().first, at - second.at >= .seconds(10) { self.samples.removeFirst() }
    }

    /// Leads per second; nil as long as that can't be told.
    var leadsPerSecond: Double? { self.perSecond { Double($0.leads) } }

    /// How long the rest will take at this pace; nil as long as that can't be told.
    func timeLeft(_ progress: LoadProgress) -> Duration? {
        guard let pace = self.perSecond({ Double($0.blocks) }), pace > 0 else { return nil }
        return .seconds(Double(max(0, progress.blocksTotal - progress.blocksDone)) / pace)
    }

    private func perSecond(_ value: ((at: ContinuousClock.Instant, leads: Int, blocks: Int)) -> Double) -> Double? {
        guard let first = self.samples.first, let last = self.samples.last, last.at > first.at else { return nil }
        return max(0, (value(last) - value(first)) / ((last.at - first.at) / .seconds(1)))
    }
}
