package import JobQueue
import Jobs
package import Marketo

/// Here, and only here, Marketo's answers meet the queue: what each means for the job that asked.
extension MarketoError: JobVerdictConvertible {
    /// What becomes of the job.
    ///
    /// No `default`: a new code does not compile until someone has placed it.
    ///
    /// A trouble of Marketo's own costs no attempt, so that no outage, however long, kills a job; the ledger counts it, and after a
    /// few in a row lets one call in 15 s through (``CallHeld``). Source: marketo-rest.md 3.3, CONTRACT 3 (timing).
    package var verdict: Verdict {
        switch self.code {
        case .windowFull, .tooManyAtOnce:
            .postpone(for: .milliseconds(Int64.random(in: 1_000...4_000)), reason: self.description)
        case .quotaSpent, .tokenRefused, .credentialsInvalid:
            // The ledger knows until when; the next to ask shuts the gate.
            .postpone(for: .seconds(1), reason: self.description)
        case .vendorTimedOut, .unavailable, .gatewayFault, .nameUnknown, .connectionRefused, .connectTimedOut, .tlsFailed, .connectionLost,
            .timedOut, .notFound, .redirected, .abandoned:
            .postpone(for: .milliseconds(Int64.random(in: 500...4_000)), reason: self.description)
        case .jobQueueFull:
            .postpone(for: .seconds(60), reason: self.description)
        case .exportQuotaSpent:
            .postpone(for: .seconds(3_600), reason: self.description)
        case .malformedAnswer, .unknownVendorCode, .answerTooLarge, .fieldMissing:
            // May be this request's own trouble, so it counts; soon at first, then ever more seldom.
            .retry(reason: self.description)
        case .accessDenied:
            // A person has to give the permission; look again now and then. Without the right to read leads nothing else is worth asking.
            .postpone(
                for: .seconds(self.operation == .leadsByID ? 60 : 300), gate: self.operation == .leadsByID ? JobPolicy.marketoGate : nil,
                reason: self.description)
        case .tooManyResults, .requestTooLarge, .addressTooLong, .refusedHere, .rejected, .recordNotFound, .alreadyQueued, .featureOff:
            .bury(reason: self.description)
        }
    }
}
