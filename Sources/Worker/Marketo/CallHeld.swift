import FoundationEssentials
import JobQueue
import Jobs
import Store

/// The ledger says "not now", for longer than a job may sit and wait: the job ends here, at no cost of an attempt, and comes back.
struct CallHeld: Error, JobVerdictConvertible, CustomStringConvertible {
    /// When to ask again, by the database's clock.
    let until: Date
    /// The same, from now.
    let delay: Duration
    /// Why.
    let reason: CallRefusal

    var description: String { "No call may leave now: \(self.sentence)." }

    /// A pause that concerns every call shuts the tenant's gate, so that nobody asks in vain; a place in the window is asked for again.
    var verdict: Verdict {
        switch self.reason {
        case .auth, .upstream, .quota, .day: .postpone(until: self.until, gate: JobPolicy.marketoGate, reason: self.description)
        case .window, .concurrency:
            .postpone(until: self.until, gate: self.delay > .seconds(3) ? JobPolicy.marketoGate : nil, reason: self.description)
        }
    }

    private var sentence: String {
        switch self.reason {
        case .auth: "Marketo refuses the credentials"
        case .upstream: "Marketo is in trouble"
        case .quota: "Marketo's calls of the day are spent"
        case .day: "our own limit of the day is reached"
        case .window: "the 20 s window is full"
        case .concurrency: "as many calls run as may"
        }
    }
}
