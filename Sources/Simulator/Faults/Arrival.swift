/// How far a call would come if nothing went wrong: it decides which faults can strike it at all.
struct Arrival: Sendable {
    /// Where the call would end, the farthest last.
    enum Stage: Int, Sendable, Comparable {
        /// Its token is none, or no longer one.
        case shutOut
        /// The method is wrong, or the limits refuse it.
        case refused
        /// Its user may not do this.
        case forbidden
        /// It is done.
        case done

        static func < (one: Stage, other: Stage) -> Bool { one.rawValue < other.rawValue }
    }

    let method: String
    let path: String
    let route: VendorRoute
    let stage: Stage

    /// Whether a fault would show on this call.
    ///
    /// One that would not is neither counted nor used up.
    func canMeet(_ rule: FaultRule) -> Bool {
        switch rule.kind {
        case .http, .reset, .hang, .delay: true
        case .unauthorized: self.route == .identity
        case .tokenInvalid, .tokenExpired, .tokenExpiredThenInvalid: self.route != .identity && self.stage > .shutOut
        case .code: self.route != .identity && (self.stage >= .forbidden || self.stage == .refused && VendorError.uncounted.contains(rule.errorCode))
        case .lostAnswer, .truncated, .invalidJSON: self.stage >= .forbidden
        case .emptyPage, .shortPage, .repeatedRecords, .repeatedToken: self.route.isActivityFeed && self.stage == .done
        case .bulkStuck, .bulkFailed: self.route.isEnqueue && self.stage == .done
        case .bulkGone: self.route.isFile && self.stage == .done
        // Asked for each record, once the call is under way.
        case .record: false
        }
    }
}
