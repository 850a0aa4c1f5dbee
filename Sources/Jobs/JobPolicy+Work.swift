package import JobQueue

extension JobPolicy {
    /// The gate that stands before Marketo: shut for a tenant while its quota is spent, its credentials fail or Marketo is down.
    package static let marketoGate = "marketo"

    /// For work that asks Marketo.
    ///
    /// Marketo's own faults cost no attempt, so the attempts count what is wrong with the job itself.
    /// - Parameter turn: what is written down with the answer, if that goes one at a time.
    package static func asksMarketo(priority: Int, gate: String? = JobPolicy.marketoGate, turn: String? = nil) -> JobPolicy {
        JobPolicy(
            priority: priority, maxAttempts: 30, backoff: Backoff(base: .seconds(1), cap: .seconds(600)), timeout: .seconds(240),
            gate: gate, turn: turn)
    }

    /// The turn in which contacts are written.
    package static let contactsTurn = "contacts"

    /// The turn in which it is worked out and noted what has to be sent.
    package static let pushesTurn = "pushes"

    /// For what is sent to Marketo.
    package static var pushes: JobPolicy { .asksMarketo(priority: Urgency.push, turn: JobPolicy.pushesTurn) }

    /// For work within the database; writing of one tenant goes one at a time.
    /// - Parameter turn: of what; contacts and accounts don't wait for each other.
    package static func writesDown(priority: Int, turn: String = JobPolicy.contactsTurn) -> JobPolicy {
        JobPolicy(
            priority: priority, maxAttempts: 12, backoff: Backoff(base: .seconds(1), cap: .seconds(600)), timeout: .seconds(120), turn: turn)
    }
}
