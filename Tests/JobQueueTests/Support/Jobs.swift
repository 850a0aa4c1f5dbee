import JobQueue
import Postgres

/// A job of the tests: what it says and, if it has one, its key.
struct Note: Job {
    static let kind = "note"
    static var policy: JobPolicy {
        JobPolicy(maxAttempts: 3, backoff: Backoff(base: .milliseconds(20), cap: .milliseconds(50)), timeout: .seconds(60), gate: "vendor")
    }
    var text: String
    var key: String?
    var uniqueKey: String? { self.key }

    init(_ text: String, key: String? = nil) {
        self.text = text
        self.key = key
    }
}

/// A job done in batches.
struct Item: Job {
    static let kind = "item"
    static var policy: JobPolicy { JobPolicy(maxAttempts: 3, backoff: Backoff(base: .milliseconds(20), cap: .milliseconds(50))) }
    var number: Int
    var uniqueKey: String? { "item:\(self.number)" }
}

/// A handler made of a closure.
struct Does<Payload: Job>: JobHandler {
    let body: @Sendable (ClaimedJob<Payload>, JobContext) async throws -> Verdict

    init(_ type: Payload.Type, _ body: @escaping @Sendable (ClaimedJob<Payload>, JobContext) async throws -> Verdict) { self.body = body }

    func run(_ job: ClaimedJob<Payload>, context: JobContext) async throws -> Verdict { try await self.body(job, context) }
}

/// A batch handler made of a closure.
struct DoesAll<Payload: Job>: JobBatchHandler {
    let batchSize: Int
    let body: @Sendable ([ClaimedJob<Payload>], JobContext) async throws -> BatchVerdict

    init(_ type: Payload.Type, batchSize: Int, _ body: @escaping @Sendable ([ClaimedJob<Payload>], JobContext) async throws -> BatchVerdict) {
        self.batchSize = batchSize
        self.body = body
    }

    func run(_ jobs: [ClaimedJob<Payload>], context: JobContext) async throws -> BatchVerdict { try await self.body(jobs, context) }
}
