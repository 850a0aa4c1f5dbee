import Marketo
import Runtime
import Store
import Sync

/// Books the calls of a command in the ledger that the whole fleet shares.
struct BookedCalls: Marketo.CallAdmission {
    let ledger: CallLedger
    let subscription: SubscriptionID
    /// Whose credentials are used; nil when they are being tested, and what is known of those that are stored must not keep new ones from being stored.
    var tenant: TenantID?
    /// What the calls are for.
    ///
    /// By default a person waits for them, so they go before everything but the vendor's limits.
    var lane = CallLane.interactive

    func admit(_ call: CallDescription) async throws -> any Marketo.CallPermit {
        let answer = try await self.ledger.admit(
            subscription: self.subscription, tenant: self.tenant,
            lane: call.operation == .identity && self.lane != .interactive ? .control : self.lane, path: call.operation.pathTemplate,
            lease: call.deadline + .seconds(10), patience: .seconds(25))
        switch answer {
        case .granted(let permit): return Permit(ledger: self.ledger, permit: permit)
        case .wait(let until, _, let reason): throw HeldBack(Self.cause(reason), sentence: Self.sentence(reason, until: Timestamp.text(until)))
        }
    }

    private static func cause(_ reason: CallRefusal) -> HeldBack.Cause {
        switch reason {
        case .auth: .auth
        case .upstream: .upstream
        case .quota: .quota
        case .day: .day
        case .lane: .lane
        case .window: .window
        case .concurrency: .concurrency
        }
    }

    private static func sentence(_ reason: CallRefusal, until: String) -> String {
        switch reason {
        case .auth: "Marketo refuses the credentials; they may be tried again at \(until)"
        case .upstream: "Marketo is in trouble; it may be asked again at \(until)"
        case .quota: "Marketo's calls of the day are spent; it may be asked again at \(until)"
        case .day: "the daily-limit is reached; the next call may leave at \(until)"
        case .lane: "the calls that are left today are kept for more urgent work; the next may leave at \(until)"
        case .window, .concurrency: "all calls that may be made now are in use; try again at \(until)"
        }
    }

    private struct Permit: Marketo.CallPermit {
        let ledger: CallLedger
        let permit: Store.CallPermit

        /// Should the database be away, the booking ends with its lease: over-counted, never under-counted.
        func finish(_ report: CallReport) async {
            _ = try? await self.ledger.finish(
                self.permit, as: Self.outcome(report), vendorCode: report.vendorCode, isCounted: report.countsAgainstQuota)
        }

        private static func outcome(_ report: CallReport) -> CallOutcome {
            guard let code = report.failure else { return .answered }
            let outcome = Self.outcome(code)
            // Whatever identity says instead of a token is a trouble of the vendor's; only that it does not know these credentials is not.
            guard report.operation == .identity, outcome != .unsent, outcome != .abandoned else { return outcome }
            return outcome == .authRefused ? .authRefused : .upstream
        }

        /// No `default`: a new code does not compile until someone has placed it.
        private static func outcome(_ code: MarketoError.Code) -> CallOutcome {
            switch code {
            case .windowFull: .windowFull
            case .tooManyAtOnce: .tooMany
            case .quotaSpent: .quotaSpent
            case .credentialsInvalid: .authRefused
            case .tokenRefused: .tokenExpired
            case .vendorTimedOut, .unavailable, .gatewayFault, .nameUnknown, .connectionRefused, .connectTimedOut, .tlsFailed, .malformedAnswer,
                .notFound, .redirected:
                .upstream
            case .connectionLost, .timedOut: .lost
            case .refusedHere: .unsent
            case .abandoned: .abandoned
            case .exportQuotaSpent, .jobQueueFull, .accessDenied, .fieldMissing, .tooManyResults, .recordNotFound, .alreadyQueued, .featureOff,
                .rejected, .unknownVendorCode, .requestTooLarge, .addressTooLong, .answerTooLarge:
                .answered
            }
        }
    }
}
