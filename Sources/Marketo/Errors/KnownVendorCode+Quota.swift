/// Which errors cost a call of the day's quota.
extension KnownVendorCode {
    /// Whether a call that ends with it is taken off the day's quota: the codes with a star in Marketo's table are not.
    package var countsAgainstQuota: Bool {
        switch self {
        case .tokenInvalid, .tokenExpired, .requestTimedOut, .methodNotSupported, .unavailable, .systemError: false
        case .httpInternalError, .httpBadGateway, .tokenEmpty, .accessDenied, .rateLimit, .dailyQuota, .invalidJSON, .resourceNotFound,
            .contentType, .multipart, .subscriptionUnreachable, .concurrencyLimit, .subscriptionType, .blank, .noData, .featureOff, .dateFormat,
            .assetRule709, .assetRule710, .assetRule711, .assetRule712, .transient, .noRecordType, .assetRule718, .lockWait, .typeMismatch,
            .parameterMissing, .invalidValue, .leadNotFound, .leadExists, .fieldNotFound, .severalMatch, .partitionDenied, .partitionMissing,
            .partitionFixed, .lookupField, .cookie, .objectNotFound, .createFailed, .notInList, .importsFull, .objectExists, .crmEnabled,
            .importRunning, .clonesFull, .companyFixed, .objectInUse, .limit1025, .limit1026, .limit1027, .limit1028, .jobs, .filterUnsupported,
            .duplicateInInput, .leadSkipped, .runAt, .rule1048, .attributesTooLarge, .merge1076, .merge1077, .merge1078, .merge1079, .mergeTooMany:
            true
        }
    }
}
