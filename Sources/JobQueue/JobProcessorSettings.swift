/// How a process takes jobs.
package struct JobProcessorSettings: Sendable {
    /// How many units (a job, or a batch) run at once.
    package var concurrency = 16
    /// How long a job stays ours without a sign of life: after that others take it.
    package var lease = Duration.seconds(30)
    /// Between two signs of life; less than a third of the lease.
    ///
    /// `nil`: a quarter of it.
    package var heartbeat: Duration?
    /// Between two looks at an empty queue at the most; up to a fifth less.
    ///
    /// With the other looks less than a statement a second in all, of a process that has nothing to do.
    package var poll = Duration.seconds(2)
    /// Between two looks for jobs whose process is gone, give or take a fifth; every process looks, so that of many one soon does.
    ///
    /// `nil`: a quarter of the lease.
    package var rescue: Duration?
    /// How long running jobs may take to finish when the process is told to leave.
    package var drain = Duration.seconds(25)
    /// Whether to listen for and send hints; without, jobs are found by polling alone.
    ///
    /// Behind a transaction-pooling proxy: no.
    package var notifications = true
    /// The program's version, for the list of workers.
    package var version = "0"

    /// The usual; change what differs.
    package init() {}

    /// The time between two signs of life.
    var heartbeatPeriod: Duration { self.heartbeat ?? self.lease / 4 }

    /// The time between two looks for jobs whose process is gone.
    var rescuePeriod: Duration { self.rescue ?? self.lease / 4 }

    /// - Ends: `setting`, with a sentence, when a promise could not be kept.
    func validate() throws(JobQueueError) {
        guard self.concurrency >= 1, self.concurrency <= 10_000 else { throw .setting("The number of jobs at once must be from 1 to 10000.") }
        guard self.lease >= .milliseconds(100) else { throw .setting("A lease must be a tenth of a second or longer.") }
        guard self.heartbeatPeriod > .zero, self.heartbeatPeriod < self.lease / 3 else {
            throw .setting("The time between two heartbeats must be less than a third of the lease, or leases run out while their process lives.")
        }
        guard self.poll > .zero, self.rescuePeriod > .zero else { throw .setting("The time between two looks at the queue must be above zero.") }
        guard self.drain >= .zero else { throw .setting("The time to drain can't be below zero.") }
    }
}
