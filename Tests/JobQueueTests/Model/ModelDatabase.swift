import Foundation
import Postgres
import Testing

@testable import JobQueue

/// Has the operations done to a real database by the engine's own statements, all within one transaction: there, the clock stands still.
struct ModelDatabase: Sendable {
    let tx: PostgresTransaction
    /// The clock, as it stands.
    let now: Date

    init(_ tx: PostgresTransaction) async throws {
        self.tx = tx
        self.now = try #require(try await tx.first(ModelClock()))
    }

    private static let offers = [
        JobOffer(kind: "note", version: 1, gate: "vendor", room: 100, batchSize: 1),
        JobOffer(kind: "item", version: 1, gate: nil, room: 100, batchSize: QueueModel.batch),
    ]
    private static let lease = Duration.milliseconds(QueueModel.lease)

    /// A process by its name.
    static func identity(_ worker: Int) -> WorkerIdentity {
        WorkerIdentity(id: UUID(uuidString: "00000000-0000-4000-8000-00000000000\(worker)") ?? UUID(), version: "model")
    }

    /// Does it; `model` knows what the workers believe.
    func perform(_ operation: ModelOperation, _ model: QueueModel) async throws -> ModelAnswer {
        switch operation {
        case .enqueue(let tenant, let kind, let key, let after, let priority):
            try await self.numberNext(model)
            let insert = JobsInsert(
                tenant: tenant, kind: kind, version: 1, priority: priority, maxAttempts: QueueModel.maxAttempts,
                payloads: ["{\"n\":\(model.nextPayload)}"], keys: [key], runAt: nil, after: .milliseconds(after))
            return .ids(try await self.tx.query(insert).map(\.id.rawValue))
        case .enqueueFromSQL(let tenant, let kind, let key, let after):
            try await self.numberNext(model)
            let ask = """
                SELECT jobs.enqueue('\(kind)', '{"n":\(model.nextPayload)}', (SELECT name FROM jobs.tenant WHERE id = \(tenant)),
                    now() + interval '\(after) milliseconds', \(key.map { "'\($0)'" } ?? "NULL"))
                """
            return .ids([try await self.tx.first(Ask(query: ask))?.flatMap { Int64($0) } ?? 0])
        case .claim(let worker, let room):
            let claim = JobClaim(
                worker: Self.identity(worker).id, lease: Self.lease, room: room, steps: 64, offers: Self.offers, cursor: .start)
            return .ids(try await self.tx.query(claim).jobs.map(\.id.rawValue).sorted())
        case .claimSuspects(let worker):
            let claim = JobSuspectClaim(worker: Self.identity(worker).id, lease: Self.lease, offers: Self.offers)
            return .ids(try await self.tx.query(claim).map(\.job.id.rawValue).sorted())
        case .startAlone(let run):
            return .count(try await self.tx.execute(JobAlone(id: JobID(rawValue: run.id), lease: run.lease)))
        case .heartbeat(let worker):
            // It names what it holds among all that anybody ever held.
            let runs = model.running.filter { $0.worker == worker }.map(QueueModel.run) + model.stale
            return .runs(try await self.beat(runs, lease: Self.lease, worker: worker))
        case .end(let ends):
            return .became(try await self.end(ends))
        case .rescue:
            let runs = try await self.tx.query(JobsExpired(lease: .zero, limit: 100))
            return .became(
                try await self.end(runs.sorted { $0.id < $1.id }.map { .init(run: .init(id: $0.id.rawValue, lease: $0.lease), fate: .crash) }))
        case .absolve(let runs):
            try await self.tx.execute(JobsAbsolve(runs: runs.map(Self.run)))
            return .nothing
        case .handBackForgotten(let worker):
            let runs = try await self.tx.query(JobsForgotten(worker: Self.identity(worker).id, known: []))
            return .became(
                try await self.end(runs.sorted { $0.id < $1.id }.map { .init(run: .init(id: $0.id.rawValue, lease: $0.lease), fate: .handBack) }))
        case .promote:
            return .count(try await self.tx.first(JobsPromote(bite: 100, after: -1))?.promoted ?? -1)
        case .order(let order, let id):
            return try await self.order(JobOrder(order, JobID(rawValue: id), reason: "enough"))
        case .shut(let tenant, let gate, let until):
            let date = until.map { self.now.addingTimeInterval(Double($0) / 1_000) }
            _ = try await self.tx.query(GateShut(tenant: tenant, name: gate, until: date, wait: nil, reason: "model"))
            return .nothing
        case .open(let tenant, let gate):
            _ = try await self.tx.query(GateOpen(tenant: tenant, name: gate))
            return .nothing
        case .timePasses(let milliseconds):
            try await self.tx.run(script: Self.shift(milliseconds))
            return .nothing
        }
    }

    /// What a heartbeat finds still held.
    func beat(_ runs: [ModelRun], lease: Duration, worker: Int) async throws -> Set<ModelRun> {
        let held = try await self.tx.query(JobsHeartbeat(runs: runs.map(Self.run), lease: lease, worker: Self.identity(worker)))
        return Set(held.map { ModelRun(id: $0.run.id.rawValue, lease: $0.run.lease) })
    }

    /// What became of them.
    func end(_ ends: [ModelOperation.End]) async throws -> [Int64: String] {
        let asked = ends.map {
            JobEnd(
                id: JobID(rawValue: $0.run.id), lease: $0.run.lease, fate: $0.fate, reason: QueueModel.reason($0.fate),
                delay: $0.wait.map { .milliseconds($0) })
        }
        let rows = try await self.tx.query(JobsEnd(ends: asked))
        return Dictionary(rows.map { ($0.id.rawValue, $0.end) }) { first, _ in "\(first), twice" }
    }

    /// A run in the engine's words.
    static func run(_ run: ModelRun) -> JobRun { JobRun(id: JobID(rawValue: run.id), lease: run.lease) }

    private func order(_ order: JobOrder) async throws -> ModelAnswer {
        do {
            _ = try await self.tx.savepoint { try await $0.first(order) }
            return .nothing
        } catch let error as PostgresError {
            guard let state = error.sqlState, ["P0002", "55000"].contains(state) else { throw error }
            return .refused(state)
        }
    }

    /// Numbers are not given back by a rollback; so that the model can know them, the next one is said beforehand.
    private func numberNext(_ model: QueueModel) async throws {
        try await self.tx.run(script: "SELECT setval('jobs.job_id_seq', \(model.nextID), false)")
    }

    /// All that is written moves into the past.
    private static func shift(_ milliseconds: Int) -> String {
        let by = "- interval '\(milliseconds) milliseconds'"
        return """
            UPDATE jobs.job SET run_at = run_at \(by), created_at = created_at \(by), claimed_at = claimed_at \(by), lease_until = lease_until \(by);
            UPDATE jobs.history SET run_at = run_at \(by), created_at = created_at \(by), claimed_at = claimed_at \(by);
            UPDATE jobs.dead SET run_at = run_at \(by), created_at = created_at \(by), claimed_at = claimed_at \(by);
            UPDATE jobs.gate SET shut_until = shut_until \(by)
            """
    }
}
