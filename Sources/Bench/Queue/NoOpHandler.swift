import JobQueue

/// Reads the payload and is done.
struct NoOpHandler: JobHandler {
    /// Told of each start: the job, and when by the machine's clock.
    var started: (@Sendable (JobID, UInt64) -> Void)?
    /// Told of each start: the job's own number.
    var sampled: (@Sendable (Int) -> Void)?

    func run(_ job: ClaimedJob<NoOpJob>, context: JobContext) async throws -> Verdict {
        self.started?(job.id, MachineClock.nanoseconds)
        self.sampled?(job.payload.number)
        return .done()
    }
}
