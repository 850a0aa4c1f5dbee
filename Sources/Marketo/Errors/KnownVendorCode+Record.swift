/// What a number means when it stands for one record of an answer.
extension KnownVendorCode {
    /// No `default`: a new number does not compile until someone has placed it.
    func meaning(forRecord message: String) -> RecordFault.Code {
        switch self {
        case .httpInternalError, .httpBadGateway, .requestTimedOut, .rateLimit, .dailyQuota, .unavailable, .systemError, .subscriptionUnreachable,
            .concurrencyLimit, .transient, .lockWait, .importsFull, .importRunning, .clonesFull:
            .busy
        case .tokenEmpty, .tokenInvalid, .tokenExpired, .accessDenied: .accessDenied
        case .typeMismatch, .parameterMissing, .invalidValue, .blank, .dateFormat: .valueInvalid
        case .leadNotFound, .objectNotFound, .noData: .notFound
        case .leadExists, .objectExists: .alreadyExists
        case .fieldNotFound: .fieldMissing
        case .severalMatch: .severalMatch
        case .partitionDenied, .partitionMissing, .partitionFixed: .partition
        case .companyFixed: .companyFixed
        case .duplicateInInput: .duplicateInInput
        case .methodNotSupported, .invalidJSON, .resourceNotFound, .contentType, .multipart, .subscriptionType, .featureOff, .assetRule709,
            .assetRule710, .assetRule711, .assetRule712, .noRecordType, .assetRule718, .lookupField, .cookie, .createFailed, .notInList, .crmEnabled,
            .objectInUse, .limit1025, .limit1026, .limit1027, .limit1028, .filterUnsupported, .leadSkipped, .runAt, .rule1048, .attributesTooLarge,
            .merge1076, .merge1077, .merge1078, .merge1079, .mergeTooMany:
            .rejected
        case .jobs: message.lowercased().contains("already queued") ? .rejected : .busy
        }
    }
}
