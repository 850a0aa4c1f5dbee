import FoundationEssentials
package import Postgres
package import Sync

/// Who may call the vendor now: window, running calls and day, kept in the database for all processes together (promise 6).
///
/// Each answer is one short transaction of its own, over before the call leaves.
package struct CallLedger: Sendable {
    private let pool: PostgresPool

    /// Over this database.
    package init(pool: PostgresPool) { self.pool = pool }

    /// By what the calls to this Marketo account are counted; nil if no tenant ever used it.
    package func subscription(of account: String) async throws(PostgresError) -> SubscriptionID? {
        try await self.pool.first(LedgerByAccount(account: account))
    }

    /// Books a call, or says when to ask again.
    ///
    /// - Parameters:
    ///   - tenant: whose credentials it goes with; nil when credentials are being tested, which nothing that is known of stored ones may hold up.
    ///   - lease: how long the call may last at most; must outlast its time-out. Should this process die, the call counts as running for that long.
    package func admit(
        subscription: SubscriptionID, tenant: TenantID?, lane: CallLane, path: String, lease: Duration
    ) async throws(PostgresError) -> CallAdmission {
        let statement = CallAdmit(subscription: subscription, tenant: tenant, lane: lane, path: path, lease: lease)
        // The function always answers with one row; were there none, asking again would be right.
        return try await self.pool.first(statement) ?? .wait(until: .now.addingTimeInterval(1), delay: .seconds(1), reason: .window)
    }

    /// Books a call as soon as one may leave, and waits for that here if it takes no longer than `patience`.
    ///
    /// Short waits are best sat out: whoever hands its job back to the queue for a second loses more than the second.
    /// - Ends: `.wait` when it would take longer; `CancellationError` when the Task is cancelled meanwhile, and then nothing is booked.
    package func admit(
        subscription: SubscriptionID, tenant: TenantID?, lane: CallLane, path: String, lease: Duration, patience: Duration
    ) async throws -> CallAdmission {
        let clock = ContinuousClock()
        let deadline = clock.now + patience
        while true {
            try Task.checkCancellation()
            let answer = try await self.admit(subscription: subscription, tenant: tenant, lane: lane, path: path, lease: lease)
            guard case .wait(_, let delay, _) = answer, clock.now + delay <= deadline else { return answer }
            // A few milliseconds apart, so that those who wait for one place don't all ask in the same one.
            try await clock.sleep(for: delay + .milliseconds(Int64.random(in: 1...20)))
        }
    }

    /// Records how a call ended; false, and no effect, if that was done before.
    ///
    /// - Parameter isCounted: false for answers that the vendor does not take from the quota (601, 602, 604, 605, 608, 611).
    @discardableResult
    package func finish(
        _ permit: CallPermit, as outcome: CallOutcome, vendorCode: String? = nil, isCounted: Bool = true, jitter: Double = .random(in: 0..<1)
    ) async throws(PostgresError) -> Bool {
        let statement = CallFinish(permit: permit, outcome: outcome, vendorCode: vendorCode, isCounted: isCounted, jitter: jitter)
        return try await self.pool.first(statement) ?? false
    }

    /// Keeps what the vendor's usage page says of today: all calls, and if known those of our own API user.
    package func noteUsage(total: Int, ours: Int?, of subscription: SubscriptionID) async throws(PostgresError) {
        try await self.pool.execute(UsageNote(subscription: subscription, total: total, ours: ours))
    }

    /// Ends a pause for quota or upstream now, for the operator knows better; false if there was none.
    @discardableResult
    package func liftPause(of subscription: SubscriptionID) async throws(PostgresError) -> Bool {
        try await self.pool.first(PauseLift(subscription: subscription)) ?? false
    }

    /// A test has just shown that these stored credentials are good; false if nobody doubted it.
    @discardableResult
    package func credentialsProven(of tenant: Tenant) async throws(PostgresError) -> Bool {
        try await self.pool.first(CredentialsProof(tenant: tenant.id, secret: tenant.sealedSecret)) ?? false
    }

    /// Forgets calls that are older than three days, bite by bite; returns how many.
    package func prune() async throws(PostgresError) -> Int {
        let bite = 1_000
        var pruned = 0
        while true {
            let gone = try await self.pool.first(CallPrune(bite: bite)) ?? 0
            pruned += gone
            if gone < bite { return pruned }
        }
    }
}
