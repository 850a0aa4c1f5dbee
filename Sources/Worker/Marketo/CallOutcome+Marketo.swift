import Marketo
import Store

extension CallOutcome {
    /// What a call's end means for the limits, for the whole fleet.
    init(_ report: CallReport) {
        guard let code = report.failure else {
            self = .answered
            return
        }
        let outcome = CallOutcome(code)
        // Whatever identity says instead of a token: no call can be made without one, so all of it is a trouble to be waited out.
        let isPlain = outcome == .authRefused || outcome == .unsent || outcome == .abandoned
        self = report.operation == .identity && !isPlain ? .upstream : outcome
    }

    /// No `default`: a new code does not compile until someone has placed it.
    private init(_ code: MarketoError.Code) {
        self =
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
