extension MarketoError {
    /// What happened: the vendor's numbers, HTTP's and the network's, brought to one list.
    package enum Code: String, Sendable, CaseIterable {
        // Limits.
        case windowFull = "window-full"
        case tooManyAtOnce = "too-many-at-once"
        case quotaSpent = "quota-spent"
        case exportQuotaSpent = "export-quota-spent"
        case jobQueueFull = "job-queue-full"
        // Who we are and what we may do.
        case credentialsInvalid = "credentials-invalid"
        case tokenRefused = "token-refused"
        case accessDenied = "access-denied"
        // The vendor is in trouble.
        case vendorTimedOut = "vendor-timed-out"
        case unavailable = "unavailable"
        case gatewayFault = "gateway-fault"
        // What was asked is not acceptable.
        case fieldMissing = "field-missing"
        case tooManyResults = "too-many-results"
        case recordNotFound = "record-not-found"
        case alreadyQueued = "already-queued"
        case featureOff = "feature-off"
        case rejected = "rejected"
        case unknownVendorCode = "unknown-vendor-code"
        case requestTooLarge = "request-too-large"
        case addressTooLong = "address-too-long"
        case refusedHere = "refused-here"
        // Something else answers at that address.
        case notFound = "not-found"
        case redirected = "redirected"
        // The way there.
        case nameUnknown = "name-unknown"
        case connectionRefused = "connection-refused"
        case connectTimedOut = "connect-timed-out"
        case tlsFailed = "tls-failed"
        case connectionLost = "connection-lost"
        case timedOut = "timed-out"
        /// Only a call's report says so; who gave up waiting gets a `CancellationError`.
        case abandoned = "abandoned"
        // The answer itself.
        case malformedAnswer = "malformed-answer"
        case answerTooLarge = "answer-too-large"

        /// One plain sentence, without a value in it.
        package var sentence: String {
            switch self {
            case .windowFull: "more calls in 20 s than the subscription allows"
            case .tooManyAtOnce: "more calls at once than the subscription allows"
            case .quotaSpent: "the day's calls are used up"
            case .exportQuotaSpent: "the day's export volume is used up"
            case .jobQueueFull: "too many bulk jobs wait"
            case .credentialsInvalid: "client id and client secret are not accepted"
            case .tokenRefused: "a fresh access token was turned away"
            case .accessDenied: "the API user lacks a permission, or this machine's address is not allowed"
            case .vendorTimedOut: "Marketo gave up working on it"
            case .unavailable: "out of order for now"
            case .gatewayFault: "the gateway answered instead of Marketo"
            case .fieldMissing: "a field does not exist"
            case .tooManyResults: "more than 1,000 leads match"
            case .recordNotFound: "the record does not exist"
            case .alreadyQueued: "the bulk job is queued already"
            case .featureOff: "the subscription lacks the feature"
            case .rejected: "the request is not accepted"
            case .unknownVendorCode: "an error that nobody has told us of"
            case .requestTooLarge: "the request is over 1 MB"
            case .addressTooLong: "the request's address is over 8 KB"
            case .refusedHere: "more than one call may carry"
            case .notFound: "no Marketo API answers at this address"
            case .redirected: "the address leads elsewhere"
            case .nameUnknown: "the host name is not known"
            case .connectionRefused: "no connection could be made"
            case .connectTimedOut: "no connection could be made in time"
            case .tlsFailed: "no secure connection could be made"
            case .connectionLost: "the connection broke"
            case .timedOut: "no whole answer in time"
            case .abandoned: "nobody waited for the answer"
            case .malformedAnswer: "the answer can't be read"
            case .answerTooLarge: "the answer is larger than any page can be"
            }
        }
    }
}
