import Sync

/// What became of one lead field that was in a call.
package struct PushEnd: Sendable, Hashable {
    /// The raw value is what `SettlePushes` goes by.
    package enum Fate: String, Sendable {
        /// Marketo has it.
        case acked
        /// Marketo does not take this value; listed until it changes.
        case refused
        /// Nothing to be sent to any more.
        case parked
        /// Not taken this time, for a reason that may pass; three times, and it is listed.
        case again
        /// It was not sent after all.
        case unsent
        /// Nobody knows whether it arrived.
        case unknown
        /// The call took too long: fewer leads the next time.
        case halved
        /// Refused together with others: by itself the next time.
        case alone
    }

    package let row: PushRow
    package let fate: Fate
    package let reason: String?
    /// Of `halved`: how many leads a call may have.
    package let limit: Int?

    package init(_ row: PushRow, _ fate: Fate, _ reason: String? = nil, limit: Int? = nil) {
        self.row = row
        self.fate = fate
        self.reason = reason
        self.limit = limit
    }

    /// Whether it is to be sent once more.
    package var isOpen: Bool {
        switch self.fate {
        case .acked, .refused, .parked: false
        case .again, .unsent, .unknown, .halved, .alone: true
        }
    }
}
