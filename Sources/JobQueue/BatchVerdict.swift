package import Postgres

/// How each job of a batch ended, and what they changed together.
///
/// A job without a verdict of its own ends as `others` says. Each is fenced by itself: when one was lost meanwhile, the rest end all the same.
package struct BatchVerdict: Sendable {
    /// Changes that belong to the batch.
    ///
    /// Of the jobs given, only those in the set are still held: write nothing for the others.
    package typealias Effects = @Sendable (PostgresTransaction, Set<JobID>) async throws -> Void

    let verdicts: [JobID: Verdict]
    let others: Verdict
    let effects: Effects?

    /// Verdicts one by one.
    ///
    /// A job that was forgotten is tried again.
    package init(
        _ verdicts: [JobID: Verdict], others: Verdict = .retry(reason: "the handler gave no verdict"), effects: Effects? = nil
    ) {
        self.verdicts = verdicts
        self.others = others
        self.effects = effects
    }

    /// The same verdict for all.
    package static func all(_ verdict: Verdict, effects: Effects? = nil) -> BatchVerdict {
        BatchVerdict([:], others: verdict, effects: effects)
    }

    /// The verdict on one job.
    func verdict(on id: JobID) -> Verdict { self.verdicts[id] ?? self.others }
}
