/// A handler whose payload type has been put away: what the engine works with.
final class AnyJobHandler: Sendable {
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
            guard let job = jobs.first else { return Judgement(verdicts: .all(nil)) }
            switch JobPayloadCoding.decode(job.payload, as: H.Payload.self) {
            case .failure(let undecodable): return Judgement(verdicts: .all(.bury(reason: undecodable.reason)))
            case .success(let payload): return Judgement(verdicts: .all(try await handler.run(ClaimedJob(job, payload), context: context)))
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
            // Jobs whose payload can't be read are judged before the handler sees the rest.
            var unreadable: [JobID: Verdict] = [:]
            var readable: [ClaimedJob<H.Payload>] = []
            readable.reserveCapacity(jobs.count)
            for job in jobs {
                switch JobPayloadCoding.decode(job.payload, as: H.Payload.self) {
                case .failure(let undecodable): unreadable[job.id] = .bury(reason: undecodable.reason)
                case .success(let payload): readable.append(ClaimedJob(job, payload))
                }
            }
            guard !readable.isEmpty else { return Judgement(verdicts: .each(unreadable)) }
            do {
                let batch = try await handler.run(readable, context: context)
                if unreadable.isEmpty, batch.verdicts.isEmpty { return Judgement(verdicts: .all(batch.others), effects: batch.effects) }
                var verdicts = unreadable
                for job in readable { verdicts[job.id] = batch.verdict(on: job.id) }
                return Judgement(verdicts: .each(verdicts), effects: batch.effects)
            } catch {
                // What could not be read is buried whatever became of the others.
                return Judgement(verdicts: .each(unreadable), failure: error)
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
