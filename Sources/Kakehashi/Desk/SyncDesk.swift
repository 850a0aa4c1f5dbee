import JobQueue
import Jobs
import Postgres
import Runtime
import Store
import Sync

/// Starting what `sync` asks for, by way of the queue: the workers do it.
struct SyncDesk: Sendable {
    let place: Workplace

    /// What is to be synced.
    enum Wish: Sendable, Equatable {
        /// The hourly sync, now.
        case sweep
        /// Every lead id is read again.
        case full
        /// These leads are read again.
        case leads([Int64])
        /// The change feeds are read once more from so many hours ago on.
        case tail(hours: Int)
        /// Every known block of leads is read again.
        case reread
    }

    /// Enqueues it.
    ///
    /// Returns a sentence that says what became of it.
    ///
    /// - Throws: `TenantError.unknown`; a ``Complaint`` when the tenant has not been started.
    func begin(_ wish: Wish, tenant name: String) async throws -> String {
        try await self.place.pool.transaction { transaction in
            guard let tenant = try await transaction.first(TenantByName(name: name)) else { throw TenantError.unknown(name: name) }
            guard tenant.startedAt != nil else {
                throw Complaint("The tenant \(name) is not started yet (kakehashi tenant start \(name)).")
            }
            switch wish {
            case .sweep:
                _ = try await transaction.enqueue(StartSweep(asked: true), tenant: tenant.id.rawValue, priority: Urgency.interactive)
                return "The sync of \(name) starts now."
            case .full:
                guard let run = try await transaction.first(StartRun(tenant: tenant.id, kind: .full)) else {
                    for running in try await transaction.query(RunningRuns(tenant: tenant.id)) where running.kind == .full {
                        _ = try await transaction.enqueue(FinishRun(run: running.run), tenant: tenant.id.rawValue)
                    }
                    return "A full load of \(name) is under way already."
                }
                _ = try await transaction.enqueue(StartFullLoad(run: run), tenant: tenant.id.rawValue)
                return "The full load of \(name) has begun."
            case .leads(let ids):
                let jobs = ids.map { RefreshLead(lead: LeadID(rawValue: $0)) }
                _ = try await transaction.enqueue(jobs, tenant: tenant.id.rawValue, priority: Urgency.interactive)
                return "\(ids.count == 1 ? "The lead is" : "\(ids.count) leads are") read again."
            case .tail(let hours):
                let look = FetchTailPage(hours: hours, asked: true)
                _ = try await transaction.enqueue(look, tenant: tenant.id.rawValue, priority: Urgency.hourly)
                return "The change feeds of \(name) are read again from \(hours) \(hours == 1 ? "hour" : "hours") ago on."
            case .reread:
                let running = try await transaction.query(RunningRuns(tenant: tenant.id))
                if running.contains(where: { $0.kind == .full }) { return "A full load of \(name) is under way; it reads all leads anyway." }
                if running.contains(where: { $0.kind == .reread }) { return "All leads of \(name) are being read again already." }
                _ = try await transaction.first(BeginReread(tenant: tenant.id, joinsFullLoad: false))
                return "All leads of \(name) are read again, with the calls that nothing more urgent needs."
            }
        }
    }
}
