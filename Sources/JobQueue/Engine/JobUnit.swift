/// What one slot of a process is busy with: a job, or a batch of one kind and tenant.
struct JobUnit: Sendable {
    /// Why a handler was told to stop.
    enum Stop: Sendable {
        /// Its time is up.
        case timeout
        /// Somebody called the job off.
        case calledOff
        /// The lease is gone: others have the job.
        case lost
        /// The lease can't be renewed and is about to end.
        case leaseEnding
        /// The process is leaving.
        case drain
    }

    let number: Int
    let handler: AnyJobHandler
    var jobs: [JobClaimed]
    /// From when its leases count: before the statement that took or renewed them was sent.
    var leaseFrom: ContinuousClock.Instant
    /// When the handler has to be done; set when it starts.
    var deadline: ContinuousClock.Instant?
    /// The running handler.
    var task: Task<Void, Never>?
    /// Why it was told to stop.
    var stop: Stop?
    /// The handler is done; its end is on the way and must not be cancelled.
    var isEnding = false
    /// Runs of this unit that others have.
    var lost: Set<JobID> = []

    /// Its runs.
    var runs: [JobRun] { self.jobs.map { JobRun(id: $0.id, lease: $0.lease) } }
}
