import Postgres

@testable import JobQueue

/// One history, done to the model and to the database side by side.
struct ModelTrial: Sendable {
    let database: ModelDatabase
    private(set) var model = QueueModel()
    private(set) var trail: [ModelOperation] = []
    private var rules = LifeRules()

    init(_ tx: PostgresTransaction) async throws { self.database = try await ModelDatabase(tx) }

    /// Does one thing to both and compares all of the database with the model.
    ///
    /// - Ends: `Divergence`.
    mutating func step(_ operation: ModelOperation) async throws {
        self.trail.append(operation)
        let answer = try await self.database.perform(operation, self.model)
        let expected = self.model.apply(operation, seeing: answer)
        guard answer == expected else { throw Divergence(trail: self.trail, what: ["answered \(answer), not \(expected)"]) }
        try await self.compare(after: answer, to: operation)
    }

    /// Has every lease that is over say everything that a worker can say: all of it must be in vain.
    func proveStaleLeasesPowerless() async throws {
        let stale = self.model.stale
        guard !stale.isEmpty else { return }
        let tx = self.database.tx
        let bytes = try await tx.first(ModelBytes())
        var effects: [String] = []
        let fates: [JobEnd.Fate] = [.done, .cancel, .bury, .retry, .postpone, .handBack, .crash]
        let ended = try await self.database.end(stale.flatMap { run in fates.map { ModelOperation.End(run: run, fate: $0, wait: 7_000) } })
        if !ended.isEmpty { effects.append("ended \(ended)") }
        let beaten = try await self.database.beat(stale, lease: .seconds(999), worker: 9)
        if !beaten.isEmpty { effects.append("renewed \(beaten)") }
        if try await !tx.query(JobsFence(runs: stale.map(ModelDatabase.run))).isEmpty { effects.append("passed the fence") }
        for run in stale where run.lease == self.model.jobs[run.id]?.lease {
            if try await tx.execute(JobAlone(id: JobID(rawValue: run.id), lease: run.lease)) > 0 { effects.append("started \(run)") }
        }
        // Only what stands marked as this very run's crash can be taken back.
        let unmarked = (stale + self.model.running.map(QueueModel.run)).filter { !self.model.isMarked($0) }
        try await tx.execute(JobsAbsolve(runs: unmarked.map(ModelDatabase.run)))
        for row in try await tx.query(JobsFate(runs: stale.map(ModelDatabase.run))) {
            let job = self.model.jobs[row.id.rawValue]
            // Whoever lost a run to a rescue has to hear it, or could not take the mark back.
            let isMarked = job.map { self.model.isMarked(QueueModel.run($0)) } ?? false
            if row.fate == "held" || isMarked && row.fate != "lost" { effects.append("of job \(row.id) was called \(row.fate)") }
        }
        if try await tx.first(ModelBytes()) != bytes { effects.append("changed the tables") }
        if !effects.isEmpty { throw Divergence(trail: self.trail, what: effects.map { "a stale lease of \(stale) \($0)" }) }
    }

    private mutating func compare(after answer: ModelAnswer, to operation: ModelOperation) async throws {
        let rows = try await self.database.tx.query(ModelRows())
        var what = self.rules.broken(by: rows, after: answer, to: operation)
        let expected = self.model.all
        if rows != expected {
            let (found, right) = (Set(rows), Set(expected))
            what += rows.filter { !right.contains($0) }.map { "the database has \(Self.text($0))" }
            what += expected.filter { !found.contains($0) }.map { "the model has    \(Self.text($0))" }
        }
        if !what.isEmpty { throw Divergence(trail: self.trail, what: what) }
    }

    /// Only what says something.
    private static func text(_ job: ModelJob) -> String {
        Mirror(reflecting: job).children
            .map { "\($0.label ?? "")=\($0.value)".replacing("Optional(", with: "(") }
            .filter { !$0.hasSuffix("=nil") && !$0.hasSuffix("=[]") }.joined(separator: " ")
    }
}

/// The database and the model part here.
struct Divergence: Error, CustomStringConvertible {
    let trail: [ModelOperation]
    let what: [String]

    var description: String {
        (["After \(self.trail.count) steps:"] + self.trail.suffix(25).map { "  \($0)" } + self.what).joined(separator: "\n")
    }
}
