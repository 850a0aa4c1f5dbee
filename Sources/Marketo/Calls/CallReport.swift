import FoundationEssentials

/// What became of a call: enough for the ledger, and nothing that is secret or personal.
package struct CallReport: Sendable, Equatable {
    /// What was asked.
    package let operation: MarketoOperation
    /// The HTTP status; `nil` when no answer came.
    package let httpStatus: Int?
    /// The vendor's number, `"606"`; `nil` when the call went well or no answer came.
    package let vendorCode: String?
    /// What went wrong; `nil` when nothing did.
    package let failure: MarketoError.Code?
    /// From sending to the last byte.
    package let duration: Duration
    /// Whether Marketo takes it off the day's quota.
    ///
    /// When in doubt, yes: a ledger may over-count, never under-count.
    package let countsAgainstQuota: Bool
    /// How far Marketo's clock is ahead of ours (to the second, by its `Date` header); `nil` when it did not say.
    package let clockSkew: Duration?

    /// The path without any value in it.
    package var pathTemplate: String { self.operation.pathTemplate }

    package init(
        operation: MarketoOperation, httpStatus: Int?, vendorCode: String?, failure: MarketoError.Code?, duration: Duration,
        countsAgainstQuota: Bool, clockSkew: Duration?
    ) {
        self.operation = operation
        self.httpStatus = httpStatus
        self.vendorCode = vendorCode
        self.failure = failure
        self.duration = duration
        self.countsAgainstQuota = countsAgainstQuota
        self.clockSkew = clockSkew
    }
}
