package import FoundationEssentials

/// What a tenant's calls to Marketo are doing: a row of `ops.quota` with its rows of `ops.call_lanes`.
package struct CallFlow: Sendable, Equatable {
    /// One sort of call.
    package struct Lane: Sendable, Equatable {
        /// Which; ``CallLane`` has the names.
        package let name: String
        /// Calls of today.
        package let usedToday: Int
        /// Calls that are still kept for it.
        package let kept: Int
        /// Until when it has to wait for more urgent calls; nil when it need not.
        package let heldUntil: Date?
    }

    /// The tenant's name.
    package let tenant: String
    /// `marketo`.
    package let vendor: String
    /// Calls a day: what is set, or less if Marketo turned out to allow less.
    package let limit: Int
    /// What Marketo turned out to allow; nil while it keeps to what is set.
    package let learnedLimit: Int?
    /// Calls booked here today.
    package let usedByUs: Int
    /// Calls of other programs today, as far as Marketo told.
    package let usedByOthers: Int
    /// What other programs will probably have used when the day turns.
    package let othersForecast: Int
    /// What is ours of the day.
    package let ourShare: Int
    /// What is left for anybody.
    package let remaining: Int
    /// When Marketo's day turns.
    package let resetsAt: Date
    /// Until when the spent quota holds all calls; nil when it does not.
    package let pausedUntil: Date?
    /// Since when Marketo is in trouble; nil when it is not.
    package let upstreamSince: Date?
    /// Calls of the last 20 s.
    package let callsInWindow: Int
    /// Calls under way.
    package let runningNow: Int
    /// Seconds that the full load will probably still take; nil when none is under way.
    package let fullLoadSeconds: Int?
    /// The sorts of call, the most urgent first.
    package let lanes: [Lane]
}
