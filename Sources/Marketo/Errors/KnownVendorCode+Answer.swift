/// What a number means when it stands for the whole answer.
extension KnownVendorCode {
    /// No `default`: a new number does not compile until someone has placed it.
    func meaning(forAnswer message: String) -> MarketoError.Code {
        switch self {
        case .tokenEmpty, .tokenInvalid, .tokenExpired: .tokenRefused
        case .accessDenied: .accessDenied
        case .rateLimit: .windowFull
        case .concurrencyLimit: .tooManyAtOnce
        case .dailyQuota: .quotaSpent
        case .requestTimedOut: .vendorTimedOut
        case .httpInternalError, .httpBadGateway, .unavailable, .systemError, .subscriptionUnreachable, .transient, .lockWait, .importsFull,
            .importRunning, .clonesFull:
            .unavailable
        case .resourceNotFound: .notFound
        case .featureOff, .subscriptionType, .filterUnsupported: .featureOff
        case .leadNotFound, .objectNotFound, .noData: .recordNotFound
        case .fieldNotFound: .fieldMissing
        case .methodNotSupported, .invalidJSON, .contentType, .multipart, .blank, .dateFormat, .assetRule709, .assetRule710, .assetRule711,
            .assetRule712, .noRecordType, .assetRule718, .typeMismatch, .parameterMissing, .leadExists, .severalMatch, .partitionDenied,
            .partitionMissing, .partitionFixed, .lookupField, .cookie, .createFailed, .notInList, .objectExists, .crmEnabled, .companyFixed,
            .objectInUse, .limit1025, .limit1026, .limit1027, .limit1028, .duplicateInInput, .leadSkipped, .runAt, .rule1048, .attributesTooLarge,
            .merge1076, .merge1077, .merge1078, .merge1079, .mergeTooMany:
            .rejected
        case .invalidValue: Self.meaning(ofInvalidValue: message)
        case .jobs: Self.meaning(ofJobs: message)
        }
    }

    /// 1003 stands for several things; only its text tells them apart.
    private static func meaning(ofInvalidValue message: String) -> MarketoError.Code {
        let text = message.lowercased()
        if text.contains("too many results") { return .tooManyResults }
        return text.contains("invalid field") ? .fieldMissing : .rejected
    }

    /// So does 1029: a full queue empties, a spent quota comes back at the reset, and what is queued already needs nothing.
    private static func meaning(ofJobs message: String) -> MarketoError.Code {
        let text = message.lowercased()
        if text.contains("quota") { return .exportQuotaSpent }
        return text.contains("already queued") ? .alreadyQueued : .jobQueueFull
    }
}
