import Marketo
import Store

extension CallOutcome {
    /// What an answer means for the limits, for the whole fleet.
    ///
    /// No `default`: a new code does not compile until someone has placed it.
    init(_ code: MarketoError.Code) {
        self =
            switch code {
            case .windowFull: .windowFull
            case .tooManyAtOnce: .tooMany
            case .quotaSpent: .quotaSpent
            case .credentialsInvalid: .authRefused
            case .tokenRefused: .tokenExpired
            case .vendorTimedOut, .unavailable, .gatewayFault, .nameUnknown, .connectionRefused, .connectTimedOut, .tlsFailed, .connectionLost,
                .timedOut, .malformedAnswer, .notFound, .redirected:
                .upstream
            case .refusedHere: .unsent
            case .exportQuotaSpent, .jobQueueFull, .accessDenied, .fieldMissing, .tooManyResults, .recordNotFound, .alreadyQueued, .featureOff,
                .rejected, .unknownVendorCode, .requestTooLarge, .addressTooLong, .answerTooLarge:
                .answered
            }
    }
}
