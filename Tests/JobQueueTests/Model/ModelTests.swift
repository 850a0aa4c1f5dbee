import Postgres
import TestKit
import Testing

@testable import JobQueue

/// The queue's life against a model of it: after every step all three tables are what the model says, and a stale lease changes nothing.
@Suite(.timeLimit(.minutes(20))) struct ModelTests {
    /// Where the short histories begin, and how many steps they have from there.
    struct Start: Sendable, CustomTestStringConvertible {
        let name: String
        let length: Int
        let steps: [ModelOperation]

        var testDescription: String { self.name }
    }

    private static let enqueue = ModelOperation.enqueue(tenant: 0, kind: "note", key: "k", after: 0, priority: 5)
    private static let later = ModelOperation.enqueue(tenant: 0, kind: "note", key: "k", after: 10_000, priority: 5)
    private static let claim = ModelOperation.claim(worker: 1, room: 1)
    private static let crash: [ModelOperation] = [.timePasses(31_000), .rescue]
    private static let suspect = [Self.enqueue, Self.claim] + Self.crash
    private static func alone(_ lease: Int64) -> [ModelOperation] { [.claimSuspects(worker: 2), .startAlone(ModelRun(id: 1, lease: lease))] }

    static let starts = [
        Start(name: "from nothing", length: 5, steps: []),
        Start(name: "a rival is due while the job runs", length: 3, steps: [Self.enqueue, Self.claim, Self.enqueue]),
        Start(name: "a rival is due later while the job runs", length: 3, steps: [Self.enqueue, Self.claim, Self.later]),
        Start(name: "a suspect", length: 3, steps: Self.suspect),
        Start(name: "a suspect runs alone, and a rival waits", length: 3, steps: Self.suspect + Self.alone(2) + [Self.later]),
        Start(name: "dead of two crashes", length: 3, steps: Self.suspect + Self.alone(2) + Self.crash),
    ]

    @Test(arguments: Self.starts) func `every short history ends as the model says`(start: Start) async throws {
        try await Self.inTransaction { tx in
            var trial = try await ModelTrial(tx)
            for step in start.steps { try await trial.step(step) }
            var walk = ModelWalk()
            try await walk.explore(trial, length: ModelSeed.depth ?? start.length)
            #expect(walk.states > 100, "it went somewhere")
            print("\(start.name): \(walk.steps) steps, \(walk.states) states")
        }
    }

    @Test(arguments: ModelSeed.drawn) func `a long history of many jobs goes as the model says, step by step`(seed: ModelSeed) async throws {
        let places = try await Self.inTransaction { tx in
            var random = ModelRandom(seed)
            var trial = try await ModelTrial(tx)
            var places: Set<ModelJob.Place> = []
            for _ in 0..<400 {
                try await trial.step(ModelAlphabet.any(trial.model, &random))
                try await trial.proveStaleLeasesPowerless()
                places.formUnion(trial.model.all.map(\.place))
            }
            return places
        }
        #expect(places.count >= 5, "the history is worth something")
    }

    /// Two at a time: the suite's other tests have leases that must not run out meanwhile.
    private static let berths = Berths(free: 2)

    /// Lends a transaction on a database that plans as the engine's own connections do; nothing of it stays.
    static func inTransaction<T: Sendable>(_ body: @Sendable (PostgresTransaction) async throws -> T) async throws -> T {
        try await self.berths.lend {
            try await withDatabase { database in
                try await database.pool.prepareAsking()
                try await database.pool.run(script: ModelRows.functions)
                try await database.pool.run(
                    script: """
                        INSERT INTO jobs.tenant (id, name) VALUES (1, 'acme');
                        INSERT INTO jobs.kind (kind, max_attempts) VALUES ('note', 3), ('item', 3)
                        """)
                let pool = try database.makePool { $0.sessionSettings.merge(JobProcessor.plannerSettings) { _, ours in ours } }
                do {
                    let value = try await pool.transaction(body)
                    await pool.shutdown()
                    return value
                } catch {
                    await pool.shutdown()
                    throw error
                }
            }
        }
    }
}
