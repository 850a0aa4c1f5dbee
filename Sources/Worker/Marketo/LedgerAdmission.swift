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

    let ledger: CallLedger
    let subscription: SubscriptionID
    let tenant: TenantID
    let lane: CallLane

    func admit(_ call: CallDescription) async throws -> any Marketo.CallPermit {
        let lane = call.operation == .identity ? .control : self.lane
        let answer = try await self.ledger.admit(
            subscription: self.subscription, tenant: self.tenant, lane: lane,
            path: call.operation.pathTemplate, lease: call.deadline + .seconds(10), patience: Self.patience)
        switch answer {
        case .granted(let permit):
            CallMetrics.shared.granted(lane)
            return Permit(ledger: self.ledger, permit: permit)
        case .wait(_, let delay, let reason):
            CallMetrics.shared.refused(lane, reason)
            throw CallHeld(delay: delay, reason: reason)
        }
    }

    /// Tells the ledger what no answer says by itself: a token was turned away that identity had just given.
    func noteFreshTokenRefused() async throws(PostgresError) {
        let answer = try await self.ledger.admit(
            subscription: self.subscription, tenant: self.tenant, lane: .control, path: MarketoOperation.identity.pathTemplate, lease: .seconds(10))
        // Held back: then nobody calls with these credentials now, and whoever does next tells it again.
        if case .granted(let permit) = answer { try await self.ledger.finish(permit, as: .authRefused) }
    }

    private struct Permit: Marketo.CallPermit {
        let ledger: CallLedger
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
                    self.permit, as: CallOutcome(report), vendorCode: report.vendorCode, isCounted: report.countsAgainstQuota)
                return true
            } catch {
                return false
            }
        }
    }
}
