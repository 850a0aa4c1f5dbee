import Postgres
import Testing

@testable import JobQueue

/// What the model found wrong, each as the shortest history that showed it.
@Suite(.timeLimit(.minutes(20))) struct FoundByModelTests {
    private static let enqueue = ModelOperation.enqueue(tenant: 0, kind: "note", key: "k", after: 0, priority: 5)
    private static let claim = ModelOperation.claim(worker: 1, room: 1)
    private static let first = ModelRun(id: 1, lease: 1)
    private static let second = ModelRun(id: 1, lease: 2)
    /// Taken by worker 1, which is cut off and taken for dead.
    private static let suspect = [Self.enqueue, Self.claim, .timePasses(31_000), .rescue]

    /// The rows, oldest first, when all that is done.
    private static func rows(after steps: [ModelOperation]) async throws -> [ModelJob] {
        try await ModelTests.inTransaction { tx in
            var trial = try await ModelTrial(tx)
            for step in steps { try await trial.step(step) }
            return try await tx.query(ModelRows())
        }
    }

    @Test func `a job that an operator buried stays buried when the worker that was taken for dead with it comes back`() async throws {
        let rows = try await Self.rows(after: Self.suspect + [.order(.bury, 1), .absolve([Self.first])])
        #expect(rows.map(\.place) == [.dead])
        #expect(rows.map(\.why) == ["enough"])
    }

    @Test func `a job that its second worker found hopeless stays dead when the first comes back`() async throws {
        let hopeless = ModelOperation.end([.init(run: Self.second, fate: .bury)])
        let rows = try await Self.rows(after: Self.suspect + [.claimSuspects(worker: 2), hopeless, .absolve([Self.first])])
        #expect(rows.map(\.place) == [.dead])
    }

    @Test func `a job that was buried for a crash rises again when its worker comes back, and its worker hears that it was lost`() async throws {
        let steps = Self.suspect + [.claimSuspects(worker: 2), .startAlone(Self.second), .timePasses(31_000), .rescue]
        let fates = try await ModelTests.inTransaction { tx in
            var trial = try await ModelTrial(tx)
            for step in steps { try await trial.step(step) }
            let fates = try await tx.query(JobsFate(runs: [ModelDatabase.run(Self.second)])).map(\.fate)
            try await trial.step(.absolve([Self.second]))
            #expect(trial.model.all.map(\.place) == [.suspect])
            return fates
        }
        #expect(fates == ["lost"])
    }

    @Test func `a failure clears the mark of a crash, also when a newer job with the key takes over`() async throws {
        let failure = ModelOperation.end([.init(run: Self.second, fate: .retry, wait: 10_000)])
        let rows = try await Self.rows(after: Self.suspect + [.claimSuspects(worker: 2), Self.enqueue, failure])
        #expect(rows.map(\.place) == [.cancelled, .scheduled])
        #expect(rows.map(\.crashes) == [1, 0])
        #expect(rows.last?.runAt == 10_000, "and its back-off holds")
    }

    @Test(arguments: [JobEnd.Fate.handBack, .postpone, .retry])
    func `work that was due now is still due now when a newer job that was due later takes over`(fate: JobEnd.Fate) async throws {
        let later = ModelOperation.enqueue(tenant: 0, kind: "note", key: "k", after: 3_600_000, priority: 5)
        let rows = try await Self.rows(after: [Self.enqueue, Self.claim, later, .end([.init(run: Self.first, fate: fate)])])
        #expect(rows.map(\.place) == [.cancelled, .ready])
        #expect(rows.last?.runAt == 0)
    }

    @Test func `a waiting job that an operator makes due keeps its place in the line`() async throws {
        let rows = try await Self.rows(after: [Self.enqueue, .timePasses(5_000), .order(.retry, 1)])
        #expect(rows.map(\.runAt) == [-5_000])
    }

    @Test func `the rules see what is broken without asking the model`() {
        func job(_ id: Int64, _ place: ModelJob.Place, lease: Int64 = 1) -> ModelJob {
            var job = ModelJob(
                id: id, tenant: 0, kind: "note", key: "k", place: place, priority: 5, payload: 1, maxAttempts: 3, runAt: 0)
            job.lease = lease
            job.leaseUntil = place == .running ? 1 : nil
            return job
        }
        func broken(_ before: [ModelJob], _ after: [ModelJob]) -> Bool {
            var rules = LifeRules()
            let ids = ModelAnswer.ids(Set(before.map(\.id)).sorted())
            #expect(rules.broken(by: before, after: ids, to: Self.enqueue).isEmpty)
            return !rules.broken(by: after, after: .nothing, to: .rescue).isEmpty
        }
        #expect(!broken([job(1, .ready, lease: 0)], [job(1, .running)]))
        #expect(!broken([job(1, .running), job(2, .ready)], [job(1, .running), job(2, .ready)]))
        #expect(broken([job(1, .ready)], [job(1, .ready), job(1, .dead)]), "in two places")
        #expect(broken([job(1, .ready)], []), "lost")
        #expect(broken([job(1, .running), job(2, .ready)], [job(1, .running), job(2, .running, lease: 2)]), "a key runs twice")
        #expect(broken([job(1, .running), job(2, .ready)], [job(1, .ready), job(2, .ready)]), "a key waits twice")
        #expect(broken([job(1, .running, lease: 2)], [job(1, .ready, lease: 1)]), "a lease number fell")
        #expect(broken([job(1, .running, lease: 1)], [job(1, .running, lease: 2)]), "a lease was taken from a running job")
    }
}
