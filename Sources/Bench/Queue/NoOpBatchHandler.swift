import JobQueue

/// Reads the payloads of many and is done with all of them.
struct NoOpBatchHandler: JobBatchHandler {
    let batchSize: Int

    func run(_ jobs: [ClaimedJob<NoOpJob>], context: JobContext) async throws -> BatchVerdict { .all(.done()) }
}
