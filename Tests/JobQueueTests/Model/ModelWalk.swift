import Postgres

/// Walks through all histories of a length, branch by branch; what a branch did is rolled back before the next.
///
/// A state that was met before, with as many steps left, is not gone on from again: the database equals the model in every column, so it would do the same.
/// Who of two equal workers did it makes no difference.
struct ModelWalk: Sendable {
    private var seen: [QueueModel: Int] = [:]
    /// Steps done and compared.
    private(set) var steps = 0

    /// How many different states were met.
    var states: Int { self.seen.count }

    /// Everything that can follow within `length` steps.
    mutating func explore(_ trial: ModelTrial, length: Int) async throws {
        let tx = trial.database.tx
        try await tx.run(script: "SAVEPOINT walk_\(length)")
        for operation in ModelAlphabet.all(trial.model) {
            var next = trial
            try await next.step(operation)
            self.steps += 1
            let state = Self.renamed(next.model)
            let known = self.seen[state]
            if known == nil { try await next.proveStaleLeasesPowerless() }
            if known ?? -1 < length - 1 {
                self.seen[state] = length - 1
                if length > 1 { try await self.explore(next, length: length - 1) }
            }
            try await tx.run(script: "ROLLBACK TO walk_\(length)")
        }
        try await tx.run(script: "RELEASE walk_\(length)")
    }

    /// The workers by the order in which they appear.
    private static func renamed(_ model: QueueModel) -> QueueModel {
        var model = model
        var names: [Int: Int] = [:]
        for job in model.all {
            guard let worker = job.worker else { continue }
            let name = names[worker] ?? names.count + 1
            names[worker] = name
            model.jobs[job.id]?.worker = name
        }
        return model
    }
}
