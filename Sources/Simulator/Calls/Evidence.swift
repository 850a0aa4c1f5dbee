/// What the simulator saw its clients do.
///
/// Tests of a client's good manners read this.
package struct Evidence: Sendable, Codable, Equatable {
    /// Every answered call by method and path, ids written as `{id}`.
    package internal(set) var callsByPath: [String: Int] = [:]
    /// `0` for a success, else the response-level code; `http 502` and the like for answers that are no JSON.
    package internal(set) var callsByCode: [String: Int] = [:]
    /// Calls that count against the quota.
    package internal(set) var counted = 0
    package internal(set) var callsByUser: [String: Int] = [:]
    /// Calls of the identity endpoint, which count nowhere.
    package internal(set) var identityCalls = 0
    /// The most counted calls in any 20 s, exact to the nanosecond of arrival.
    package internal(set) var mostInAnyWindow = 0
    /// The most calls under way at the same moment, one that was refused as too many included.
    package internal(set) var mostAtOnce = 0
    /// The most counted calls in any 20 s that one API user made, whatever the others did.
    package internal(set) var mostInAnyWindowByUser: [String: Int] = [:]
    /// The most calls of one API user under way at the same moment.
    package internal(set) var mostAtOnceByUser: [String: Int] = [:]
    /// Calls that arrived after the day's quota was spent, but those to `stats/`.
    package internal(set) var callsAfterQuota = 0
    /// Calls to `stats/` after the day's quota was spent.
    package internal(set) var statsCallsAfterQuota = 0
    /// Calls of the identity endpoint after the day's quota was spent.
    package internal(set) var identityCallsAfterQuota = 0
    /// The least seconds between two calls of any kind after the quota was spent.
    package internal(set) var leastSecondsBetweenCallsAfterQuota: Double?
    /// How often a Sync Leads call arrived with the id of a lead that was in another one just then.
    package internal(set) var leadsInTwoCalls = 0
    /// Leads handed out by reads.
    package internal(set) var leadsRead = 0
    /// Faults that fired, by kind.
    package internal(set) var faults: [String: Int] = [:]
    /// Changes the life driver made, by kind.
    package internal(set) var liveChanges: [String: Int] = [:]

    package init() {}
}
