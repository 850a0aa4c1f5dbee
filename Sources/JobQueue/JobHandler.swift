/// Does the work of one kind of job, one at a time.
package protocol JobHandler: Sendable {
    /// What it can do.
    associatedtype Payload: Job
    /// Does the work and says how it ended. A thrown error is a failed attempt, unless it is `JobVerdictConvertible`.
    func run(_ job: ClaimedJob<Payload>, context: JobContext) async throws -> Verdict
}

/// Does the work of one kind of job, many of one tenant at a time: for vendors that take 300 records in a call.
package protocol JobBatchHandler: Sendable {
    /// What it can do.
    associatedtype Payload: Job
    /// The most jobs it is given at once; it is given fewer when fewer are due.
    var batchSize: Int { get }
    /// Does the work and says for each job how it ended. A thrown error fails all of them.
    func run(_ jobs: [ClaimedJob<Payload>], context: JobContext) async throws -> BatchVerdict
}

/// An error that knows what follows from it.
package protocol JobVerdictConvertible: Error {
    /// What becomes of the job.
    var verdict: Verdict { get }
}
