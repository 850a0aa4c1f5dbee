import JobQueue
import Jobs
import Store

/// The ledger says "not now", for longer than a job may sit and wait: the job ends here, at no cost of an attempt, and comes back.
struct CallHeld: Error, JobVerdictConvertible, CustomStringConvertible {
    /// The longest that a gate is shut at a time.
    ///
    /// Whoever ends a pause opens the gates; but a job that was refused just before may shut its own just after, and only that end of its own
    /// then lets it ask again.
    static let longest = Duration.seconds(60)

    /// When to ask again, from now.
    let delay: Duration
    /// Why.
    let reason: CallRefusal

    var description: String { "No call may leave now: \(self.sentence)." }

    /// A pause that concerns every call shuts the tenant's gate, so that nobody asks in vain; a place in the window is asked for again.
    var verdict: Verdict {
        let gate: String? =
            switch self.reason {
            case .auth, .upstream, .quota, .day: JobPolicy.marketoGate
            // Only what is as little urgent waits with it.
            case .lane: Verdict.ownGate
            case .window, .concurrency: self.delay > .seconds(3) ? JobPolicy.marketoGate : nil
            }
        return .postpone(for: min(self.delay, Self.longest), gate: gate, reason: self.description)
    }

    private var sentence: String {
        switch self.reason {
        case .auth: "Marketo refuses the credentials"
        case .upstream: "Marketo is in trouble"
        case .quota: "Marketo's calls of the day are spent"
        case .day: "our own limit of the day is reached"
        case .lane: "the calls that are left today are kept for more urgent work"
        case .window: "the 20 s window is full"
        case .concurrency: "as many calls run as may"
        }
    }
}
