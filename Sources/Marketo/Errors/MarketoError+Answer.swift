/// From an answer to the error it tells of.
extension MarketoError {
    /// The first error of an answer that says `success: false`.
    init(errors: [(code: String, message: String)], operation: MarketoOperation, httpStatus: Int) {
        guard let first = errors.first else {
            self.init(.malformedAnswer, httpStatus: httpStatus, operation: operation, effect: .unknown)
            return
        }
        let vendorCode = VendorCode(first.code)
        let code: Code
        switch vendorCode {
        case .known(let known): code = known.meaning(forAnswer: first.message)
        case .unknown: code = .unknownVendorCode
        }
        self.init(
            code, vendorCode: vendorCode, httpStatus: httpStatus, operation: operation, effect: Self.effect(of: code),
            missingFields: code == .fieldMissing ? FieldNames.quoted(in: first.message) : [], detail: first.message)
    }

    /// An HTTP status without a readable answer of Marketo's.
    init(httpStatus: Int, operation: MarketoOperation) {
        let code: Code
        switch httpStatus {
        case 200..<300: code = .malformedAnswer
        case 300..<400: code = .redirected
        case 401, 403: code = .accessDenied
        case 404, 410: code = .notFound
        case 408: code = .vendorTimedOut
        case 413: code = .requestTooLarge
        case 414: code = .addressTooLong
        case 429: code = .windowFull
        case 400..<500: code = .rejected
        default: code = .gatewayFault
        }
        self.init(code, httpStatus: httpStatus, operation: operation, effect: Self.effect(of: code))
    }

    /// Whether nothing was changed for certain once Marketo has answered with `code`.
    private static func effect(of code: Code) -> Effect {
        switch code {
        case .vendorTimedOut, .unavailable, .gatewayFault, .unknownVendorCode, .malformedAnswer, .answerTooLarge, .timedOut, .connectionLost,
            .abandoned:
            .unknown
        case .nameUnknown, .connectionRefused, .connectTimedOut, .tlsFailed, .refusedHere: .notSent
        case .windowFull, .tooManyAtOnce, .quotaSpent, .exportQuotaSpent, .jobQueueFull, .credentialsInvalid, .tokenRefused, .accessDenied,
            .fieldMissing, .tooManyResults, .recordNotFound, .alreadyQueued, .featureOff, .rejected, .requestTooLarge, .addressTooLong, .notFound,
            .redirected:
            .refused
        }
    }
}
