import JobQueue

extension ClaimedJob {
    /// It failed before, or its worker fell with it.
    var isDoubtful: Bool { self.attempt > 1 || self.isSuspect }
}
