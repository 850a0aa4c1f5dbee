import FoundationEssentials
import JobQueue
import Jobs
import Marketo
import Postgres
import Store
import Sync

/// Asks the ledger in the database before each call, for one tenant and one sort of work.
///
/// A short wait is sat out here, holding nothing in the database; a long one ends the job, see ``CallHeld``.
struct LedgerAdmission: Marketo.CallAdmission {
    /// How long a job may sit and wait for its turn.
    static let patience = Duration.seconds(2)

    let pool: PostgresPool
    let ledger: CallLedger
    let subscription: SubscriptionID
    let tenant: TenantID
    let lane: CallLane

    func admit(_ call: CallDescription) async throws -> any Marketo.CallPermit {
        let answer = try await self.ledger.admit(
            subscription: self.subscription, tenant: self.tenant, lane: self.lane, path: call.operation.pathTemplate,
            lease: call.deadline + .seconds(10), patience: Self.patience)
        switch answer {
        case .granted(let permit): return Permit(pool: self.pool, ledger: self.ledger, tenant: self.tenant, permit: permit)
        case .wait(let until, let delay, let reason): throw CallHeld(until: until, delay: delay, reason: reason)
        }
    }

    /// Tells the ledger of a trouble that no permit could tell it of: identity failed, or turned away a token that it had just given.
    ///
    /// - Returns: until when nobody is to ask, if the ledger says so now.
    func note(_ error: MarketoError) async throws -> CallHeld? {
        let outcome: CallOutcome = error.code == .tokenRefused ? .authRefused : CallOutcome(error.code)
        guard outcome == .upstream || outcome == .authRefused else { return nil }
        if case .granted(let permit) = try await self.askForIdentity() { try await self.ledger.finish(permit, as: outcome, isCounted: false) }
        switch try await self.askForIdentity() {
        case .wait(let until, let delay, let reason): return CallHeld(until: until, delay: delay, reason: reason)
        case .granted(let permit):
            try await self.ledger.finish(permit, as: .unsent)
            return nil
        }
    }

    private func askForIdentity() async throws(PostgresError) -> Store.CallAdmission {
        try await self.ledger.admit(
            subscription: self.subscription, tenant: self.tenant, lane: .control, path: MarketoOperation.identity.pathTemplate, lease: .seconds(10))
    }

    private struct Permit: Marketo.CallPermit {
        let pool: PostgresPool
        let ledger: CallLedger
        let tenant: TenantID
        let permit: Store.CallPermit

        /// Tells the ledger that the call is over.
        ///
        /// Should the database be away, it is told later, for otherwise each call that was under way would hold its place for a minute more; the
        /// caller does not wait for that. Should this process end before, the booking ends with its lease: over-counted, never under-counted.
        func finish(_ report: CallReport) async {
            if await self.isRecorded(report) { return }
            Task {
                for pause in Self.laterTries {
                    try? await Task.sleep(for: pause)
                    if await self.isRecorded(report) { return }
                }
            }
        }

        private static let laterTries: [Duration] = [.seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(16)]

        private func isRecorded(_ report: CallReport) async -> Bool {
            do {
                try await self.ledger.finish(
                    self.permit, as: report.failure.map(CallOutcome.init) ?? .answered, vendorCode: report.vendorCode,
                    isCounted: report.countsAgainstQuota)
            } catch {
                return false
            }
            // Others that asked in vain while this call was under way have shut the gate; its good answer is news for them.
            if report.failure == nil {
                _ = try? await self.pool.first(OpenVendorGate(tenant: self.tenant, gate: JobPolicy.marketoGate))
            }
            return true
        }
    }
}
