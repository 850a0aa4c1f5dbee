extension MarketoError {
    /// What makes sense after it.
    ///
    /// When, and how often, is for the worker to say.
    package enum FollowUp: Sendable, Equatable {
        /// The same again later.
        case later
        /// The same again when the 20 s have passed and fewer calls run; everyone slows down.
        case afterWindow
        /// The same again after the daily reset; until then no call of anybody.
        case afterReset
        /// A person must mend the credentials or the permissions.
        case afterPerson
        /// Less at a time: fewer records, shorter values.
        case smaller
        /// The same without these fields (REST names; empty when Marketo did not name them: read the field list again).
        case withoutFields([String])
        /// Never unchanged.
        case never
    }

    /// No `default`: a new code does not compile until someone has placed it.
    package var followUp: FollowUp {
        switch self.code {
        case .windowFull, .tooManyAtOnce: .afterWindow
        case .quotaSpent, .exportQuotaSpent: .afterReset
        case .credentialsInvalid, .tokenRefused, .accessDenied: .afterPerson
        case .fieldMissing: .withoutFields(self.missingFields)
        case .tooManyResults, .requestTooLarge, .addressTooLong: .smaller
        case .vendorTimedOut, .unavailable, .gatewayFault, .jobQueueFull, .nameUnknown, .connectionRefused, .connectTimedOut, .tlsFailed,
            .connectionLost, .timedOut, .malformedAnswer, .answerTooLarge, .unknownVendorCode, .abandoned:
            .later
        case .recordNotFound, .alreadyQueued, .featureOff, .rejected, .refusedHere, .notFound, .redirected: .never
        }
    }

    /// The same request may well succeed later, and nothing but time is needed.
    package var isTransient: Bool { self.followUp == .later }
    /// The day's quota is spent.
    package var isQuota: Bool { self.followUp == .afterReset }
    /// The short window or the number at once is full.
    package var isWindow: Bool { self.followUp == .afterWindow }
    /// A person must mend credentials or permissions.
    package var isAuth: Bool { self.followUp == .afterPerson }
    /// A field which was asked for is not there.
    package var isFieldMissing: Bool { self.code == .fieldMissing }
}
