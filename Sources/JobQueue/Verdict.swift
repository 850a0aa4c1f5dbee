package import FoundationEssentials
package import Postgres

/// How a run ended.
///
/// Ends are values: the engine performs them, in a transaction that first checks that the job is still ours.
///
/// - Effects: what the job changes and enqueues. They run inside that same transaction, after the check and before the end, so that all of it
///   takes effect or none. They may run again after a rollback: let them touch nothing but the transaction they are given.
package struct Verdict: Sendable {
    /// Changes that belong to the end of a job.
    package typealias Effects = @Sendable (PostgresTransaction) async throws -> Void

    /// When a postponed job is due again.
    enum Wake: Sendable, Equatable {
        case at(Date)
        case after(Duration)
    }

    /// What becomes of the job.
    enum End: Sendable {
        case done
        case retry(reason: String, after: Duration?)
        case postpone(until: Wake, gate: String?, reason: String)
        case bury(reason: String)
    }

    /// Stands, as the name of a gate, for the one of the job's own kind and urgency, `kind:<kind>@<priority>`: jobs of its kind that are more or less urgent go on.
    package static let ownGate = "@"

    let end: End
    let effects: Effects?

    /// It is done, and this is what it changed.
    package static func done(_ effects: Effects? = nil) -> Verdict { Verdict(end: .done, effects: effects) }

    /// It failed and is tried again after `after` (`nil`: after the kind's back-off), unless its attempts are spent: then it is dead.
    package static func retry(reason: String, after: Duration? = nil, effects: Effects? = nil) -> Verdict {
        Verdict(end: .retry(reason: reason, after: after), effects: effects)
    }

    /// It can't be done before a moment.
    ///
    /// Costs no attempt.
    ///
    /// - Parameter gate: shut until then too, so that no job behind it is taken. When it is one of the kind's own gates, this job goes
    ///   back to its place in the line behind it, and opening the gate early lets it through.
    package static func postpone(until: Date, gate: String? = nil, reason: String, effects: Effects? = nil) -> Verdict {
        Verdict(end: .postpone(until: .at(until), gate: gate, reason: reason), effects: effects)
    }

    /// It can't be done for a while.
    ///
    /// Costs no attempt. As `postpone(until:)` otherwise.
    package static func postpone(for wait: Duration, gate: String? = nil, reason: String, effects: Effects? = nil) -> Verdict {
        Verdict(end: .postpone(until: .after(wait), gate: gate, reason: reason), effects: effects)
    }

    /// It can't be done at all; a person should look at it.
    package static func bury(reason: String, effects: Effects? = nil) -> Verdict { Verdict(end: .bury(reason: reason), effects: effects) }
}
