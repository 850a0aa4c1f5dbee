import Foundation
import Store

/// Decides, look by look, whether a wait for *settled* is over and how it ended.
///
/// A value; the looking and the waiting are the caller's.
struct SettledWatch: Sendable {
    /// How a wait ends.
    enum End: Sendable, Equatable {
        /// Nothing is left to do.
        case settled
        /// What is waited for is held by the quota; it goes on by itself, at this time if one is known.
        case heldByQuota(until: Date?)
        /// A job of the tenant died while we waited.
        case died(jobs: Int)
        /// Nothing moves any more until a person has done something about it: `paused_by_operator` or `paused_auth`.
        case needsPerson(SyncState)
        /// The time that was given is over.
        case timeout
        /// The tenant was removed meanwhile.
        case gone
    }

    private let deadline: ContinuousClock.Instant?
    private let deadBefore: Int
    /// Since when nothing but a full load is left, which has no calls of today.
    private var heldSince: ContinuousClock.Instant?
    /// So long it has to look like that: between two calls it may for a moment.
    private static let longEnough = Duration.seconds(10)

    /// Waits until `deadline` at most; `deadBefore` jobs of the tenant had died before.
    init(deadline: ContinuousClock.Instant?, deadBefore: Int) {
        self.deadline = deadline
        self.deadBefore = deadBefore
    }

    /// The end, or nil when it goes on.
    mutating func end(_ status: TenantStatus?, at now: ContinuousClock.Instant) -> End? {
        guard let status else { return .gone }
        if status.jobs.dead > self.deadBefore { return .died(jobs: status.jobs.dead - self.deadBefore) }
        if status.isSettled { return .settled }
        // Jobs that still run may finish, and are let finish, before the wait is called off.
        if status.state == .pausedQuota, status.jobs.running == 0 { return .heldByQuota(until: status.pausedUntil) }
        let isHeld = status.fullLoad.state == "paused" && status.jobs.running == 0 && status.lastSweep.map { $0.finishedAt != nil } ?? true
        if !isHeld { self.heldSince = nil } else { self.heldSince = self.heldSince ?? now }
        if let since = self.heldSince, now - since >= Self.longEnough { return .heldByQuota(until: nil) }
        // A pause that an operator has limited goes on by itself; refused credentials are asked about again, but won't mend themselves.
        let needsPerson = status.state == .pausedByOperator && status.pausedUntil == nil || status.state == .pausedAuth
        if needsPerson, status.jobs.running == 0 { return .needsPerson(status.state) }
        if let deadline, now >= deadline { return .timeout }
        return nil
    }
}
