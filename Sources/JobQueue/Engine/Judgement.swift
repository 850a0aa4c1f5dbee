/// What a unit of work came to.
struct Judgement: Sendable {
    /// The verdicts on its jobs.
    enum Verdicts: Sendable {
        /// The same on all; `nil`: the run was stopped, and nobody judged it.
        case all(Verdict?)
        /// One on each; jobs that are missing were not judged.
        case each([JobID: Verdict])

        /// The verdict on one job.
        subscript(id: JobID) -> Verdict? {
            switch self {
            case .all(let verdict): verdict
            case .each(let verdicts): verdicts[id]
            }
        }
    }

    var verdicts: Verdicts
    /// What the jobs changed together.
    var effects: BatchVerdict.Effects?
    /// What the handler threw: it is judged for those without a verdict.
    var failure: (any Error)?

    /// All of it is done and nothing was changed: by far the most frequent.
    var isPlainlyDone: Bool {
        guard self.effects == nil, self.failure == nil, case .all(let verdict?) = self.verdicts else { return false }
        return verdict.isPlainlyDone
    }
}

extension Verdict {
    /// Done, without changes of its own.
    fileprivate var isPlainlyDone: Bool {
        if case .done = self.end { return self.effects == nil }
        return false
    }
}
