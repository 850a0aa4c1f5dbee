/// A handler whose payload type has been put away: what the engine works with.
struct AnyJobHandler: Sendable {
    /// What a unit of work came to: jobs whose payload can't be read are judged before the handler sees the rest.
    struct Judgement: Sendable {
        var verdicts: [JobID: Verdict]
        var effects: BatchVerdict.Effects?
        /// What the handler threw: it is judged for those without a verdict.
        var failure: (any Error)?
    }

    let kind: String
    let version: Int
    let policy: JobPolicy
    /// How many jobs of a tenant make a unit.
    let batchSize: Int
    /// How many units may run at once in this process.
    let limit: Int
    /// How many of them may be one tenant's.
    let tenantLimit: Int
    /// Runs a unit.
    let run: @Sendable ([JobClaimed], JobContext) async throws -> Judgement

    init<H: JobHandler>(_ handler: H, limit: Int?, tenantLimit: Int?) {
        self.kind = H.Payload.kind
        self.version = H.Payload.version
        self.policy = H.Payload.policy
        self.batchSize = 1
        self.limit = max(1, limit ?? .max)
        self.tenantLimit = max(1, tenantLimit ?? .max)
        self.run = { jobs, context in
            guard let job = jobs.first else { return Judgement(verdicts: [:]) }
            switch JobPayloadCoding.decode(job.payload, as: H.Payload.self) {
            case .failure(let undecodable): return Judgement(verdicts: [job.id: .bury(reason: undecodable.reason)])
            case .success(let payload):
                return Judgement(verdicts: [job.id: try await handler.run(ClaimedJob(job, payload), context: context)])
            }
        }
    }

    init<H: JobBatchHandler>(_ handler: H, limit: Int?, tenantLimit: Int?) {
        self.kind = H.Payload.kind
        self.version = H.Payload.version
        self.policy = H.Payload.policy
        self.batchSize = max(1, handler.batchSize)
        self.limit = max(1, limit ?? .max)
        self.tenantLimit = max(1, tenantLimit ?? .max)
        self.run = { jobs, context in
            var verdicts: [JobID: Verdict] = [:]
            var readable: [ClaimedJob<H.Payload>] = []
            for job in jobs {
                switch JobPayloadCoding.decode(job.payload, as: H.Payload.self) {
                case .failure(let undecodable): verdicts[job.id] = .bury(reason: undecodable.reason)
                case .success(let payload): readable.append(ClaimedJob(job, payload))
                }
            }
            guard !readable.isEmpty else { return Judgement(verdicts: verdicts) }
            do {
                let batch = try await handler.run(readable, context: context)
                for job in readable { verdicts[job.id] = batch.verdict(on: job.id) }
                return Judgement(verdicts: verdicts, effects: batch.effects)
            } catch {
                // What could not be read is buried whatever became of the others.
                return Judgement(verdicts: verdicts, failure: error)
            }
        }
    }
}

extension ClaimedJob {
    fileprivate init(_ job: JobClaimed, _ payload: Payload) {
        self.init(
            id: job.id, payload: payload, tenant: job.tenant, attempt: job.attempt, isSuspect: job.isSuspect, maxAttempts: job.maxAttempts,
            createdAt: job.createdAt, runAt: job.runAt)
    }
}
