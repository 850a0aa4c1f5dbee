package import FoundationEssentials

/// The answer to "may a call leave now?".
package enum CallAdmission: Sendable, Equatable {
    /// It may, and is booked; it must be finished with the ledger, however it ends.
    case granted(CallPermit)
    /// Not now. `until` is the moment to ask again, by the database's clock; `delay` is the same as a stretch of time from now, for
    /// whoever waits by a clock of their own.
    case wait(until: Date, delay: Duration, reason: CallRefusal)
}
