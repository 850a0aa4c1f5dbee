import Marketo
import Runtime
import Store
import Sync

/// What the other rooms' errors mean for the exit code; their sentences are their own.
extension Complaint {
    /// An endpoint that is refused is a wrong call.
    init(_ error: EndpointError) { self.init(error.description, ending: .usage) }

    /// So is a setting that does not exist, or a value that it does not take.
    init(_ error: SettingError) { self.init(error.description, ending: .usage) }

    /// Marketo did not do what was asked.
    init(_ error: MarketoError) {
        self.init("Marketo: \(error).", ending: Self.ending(of: error.code))
    }

    /// No `default`: a new code does not compile until someone has placed it.
    static func ending(of code: MarketoError.Code) -> Ending {
        switch code {
        case .quotaSpent, .windowFull, .tooManyAtOnce, .exportQuotaSpent, .jobQueueFull: .comesBack
        case .nameUnknown, .connectionRefused, .connectTimedOut, .tlsFailed, .connectionLost, .timedOut, .vendorTimedOut, .unavailable,
            .gatewayFault, .notFound, .redirected, .malformedAnswer:
            .unreachable
        case .tokenRefused, .credentialsInvalid, .accessDenied, .fieldMissing, .tooManyResults, .recordNotFound, .alreadyQueued, .featureOff,
            .rejected, .unknownVendorCode, .requestTooLarge, .addressTooLong, .answerTooLarge, .refusedHere, .abandoned:
            .failed
        }
    }
}
