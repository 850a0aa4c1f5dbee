import Foundation
import JobQueue
import Jobs
import Postgres
import Runtime
import Store
import Sync

/// Compares both sides record by record, in the command's own process, and has the queue repair what differs if asked to.
///
/// One call a block of 300 ids; a few to find the highest lead; one for up to 300 leads that differ, for those are read twice. No block is passed over
/// for having been empty: what former reads saw is the very thing that is checked here, and a lead that moves into the API user's partition turns up in a
/// block that was empty before. Without repair nothing is written on either side but the calls' own booking.
struct Reconciler: Sendable {
    let place: Workplace
    let words: Words

    /// Compares the tenant's leads, and has what differs repaired if `repairs`, waiting for that at most `timeout`.
    ///
    /// - Throws: `TenantError.unknown`; a ``Complaint``: 75 when the quota stops it, 69 when Marketo or the database can't be reached, 1 when the tenant
    ///   is not started.
    func run(_ name: String, repairs: Bool, timeout: Duration? = nil) async throws -> ReconcileReport {
        try await LeadDesk(place: self.place).lend(name, for: .reconcile) { source, tenant, settings in
            guard tenant.startedAt != nil else { throw Complaint("The tenant \(name) is not started yet (kakehashi tenant start \(name)).") }
            var look = SideBySide(source: source, pool: self.place.pool, tenant: tenant.id, settings: settings)
            let found = try await self.compare(&look, name)
            guard repairs, !found.differences.isEmpty else { return ReconcileReport(tenant: name, found: found) }
            try await RepairOrder(place: self.place, tenant: tenant, settings: settings, words: self.words).run(found.leads, timeout: timeout)
            // Once more, whatever still waits to be done: only what is right by now is repaired.
            let after = try await look.lookAgain(at: found.forAfterwards, ignoringWork: true)
            return ReconcileReport(tenant: name, found: found, left: after)
        }
    }

    private func compare(_ look: inout SideBySide, _ name: String) async throws -> Reconciliation {
        let clock = ContinuousClock()
        var narrator = Narrator(title: name, words: self.words, terminal: .error)
        defer { narrator.finish() }
        let newest = try await self.place.pool.first(FindFrontier(tenant: look.tenant, run: 0))?.newest ?? 0
        let highest = try await look.highest(atLeast: LeadID(sane: newest))
        let blocks = highest.map { LeadBlock(holding: $0).number + 1 } ?? 0
        var progress = LoadProgress(blocksDone: 0, blocksTotal: Int(blocks), leads: 0, callsLeft: nil)
        var reconciliation = Reconciliation()
        var block = LeadBlock(number: 0)
        while true {
            let (comparison, leads) = try await look.compare(block.leadIDs)
            reconciliation.takeFirst(comparison, leads: leads)
            progress.blocksDone += 1
            progress.blocksTotal = max(progress.blocksTotal, progress.blocksDone)
            progress.leads += leads
            narrator.tell(progress, at: clock.now)
            // Above the highest lead too, as leads are made meanwhile: until a block there is empty.
            if block.number >= blocks, leads == 0 { break }
            block = block.next
        }
        // What is shown here of leads that lie still further up, where Marketo has none.
        var last = LeadID(rawValue: block.range.upperBound)
        while true {
            let known = try await self.place.pool.query(FindKnownAbove(tenant: look.tenant, above: last))
            guard let highest = known.last else { break }
            let (comparison, leads) = try await look.compare(known)
            reconciliation.takeFirst(comparison, leads: leads)
            last = highest
        }
        return try await look.lookAgain(at: reconciliation)
    }
}
