import Logging
import Synchronization

/// What one slot of a process is busy with: a job, or a batch of one kind and tenant.
final class JobUnit: Sendable {
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

    /// How far it is.
    struct State: Sendable {
        /// From when its leases count: before the statement that took or renewed them was sent.
        var leaseFrom: ContinuousClock.Instant
        /// When the handler has to be done; set when it starts.
        var deadline: ContinuousClock.Instant?
        /// Its handler has been started.
        var hasBegun = false
        /// The running handler.
        var task: Task<Void, Never>?
        /// Why it was told to stop.
        var stop: Stop?
        /// The handler is done; its end is on the way and must not be cancelled.
        var isEnding = false
        /// Runs of this unit that others have.
        var lost: Set<JobID> = []
    }

    let handler: AnyJobHandler
    let jobs: [JobClaimed]
    private let state: Mutex<State>

    init(_ jobs: [JobClaimed], handler: AnyJobHandler, leaseFrom: ContinuousClock.Instant) {
        self.jobs = jobs
        self.handler = handler
        self.state = Mutex(State(leaseFrom: leaseFrom))
    }

    /// As it is now.
    var current: State { self.state.withLock { $0 } }

    /// Looks at it and changes it in one go.
    func update<T: Sendable>(_ body: (inout State) -> T) -> T { self.state.withLock { body(&$0) } }

    /// Whether it holds a job: all but those whose handler was given up do.
    var isBusy: Bool { self.state.withLock { $0.lost.count < self.jobs.count } }

    /// Its runs, but those that others have.
    var heldRuns: [JobRun] {
        let lost = self.state.withLock { $0.lost }
        return self.jobs.lazy.filter { !lost.contains($0.id) }.map(\.run)
    }

    /// Waits until its handler, if it was started, has returned and its end has been settled.
    func finished() async {
        // A handler that has begun hands its Task over as soon as it first waits.
        while self.state.withLock({ $0.hasBegun && $0.task == nil }) { await Task.yield() }
        await self.current.task?.value
    }

    /// The handler is about to run; false: it must not, as the unit was withdrawn.
    func begins(deadline: ContinuousClock.Instant) -> Bool {
        self.state.withLock { state in
            guard !state.isEnding else { return false }
            state.hasBegun = true
            state.deadline = deadline
            return true
        }
    }

    /// Takes it back before its handler has begun; false: it has, or somebody else took it back.
    func withdraws() -> Bool {
        self.state.withLock { state in
            guard !state.hasBegun, !state.isEnding else { return false }
            state.isEnding = true
            return true
        }
    }

    /// Hands over the running handler; cancels it right away if the unit was told to stop meanwhile.
    func started(_ task: Task<Void, Never>) {
        let isStopped = self.state.withLock { state in
            state.task = task
            return state.stop != nil && !state.isEnding
        }
        if isStopped { task.cancel() }
    }

    /// The handler is done: from now on nothing cancels it.
    ///
    /// The runs that are lost, and why it was told to stop.
    func ends() -> (lost: Set<JobID>, stop: Stop?) {
        self.state.withLock { state in
            state.isEnding = true
            return (state.lost, state.stop)
        }
    }

    /// A logger that says which kind, and which job if it is one.
    func logger(_ base: Logger) -> Logger {
        var logger = base
        logger[metadataKey: "job.kind"] = "\(self.handler.kind)"
        if let only = self.jobs.first, self.jobs.count == 1 { logger[metadataKey: "job.id"] = "\(only.id)" }
        return logger
    }

    /// Tells the handler to stop if `reason` gives a reason; one that was told before can still run out of its time.
    func stop(_ reason: (State) -> Stop?) {
        let task = self.state.withLock { state -> Task<Void, Never>? in
            guard !state.isEnding, let stop = reason(state), state.stop == nil || stop == .timeout && state.stop != .timeout else { return nil }
            state.stop = stop
            return state.task
        }
        task?.cancel()
    }

    /// Its runs are no longer its own; it keeps its slot until its handler returns.
    func disown() { self.state.withLock { $0.lost = Set(self.jobs.map(\.id)) } }
}
