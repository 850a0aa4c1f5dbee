import JobQueue
import Jobs
import Postgres
import Store
import Sync

/// Works out what Marketo should show after something happened in Mazrica; see ``NoteChanges``.
struct NoteChangesHandler: JobBatchHandler {
    let bridge: Bridge
    let batchSize = 300
    /// An import of any size is gone through in bites of so many events, so that neither memory nor a transaction grows with it.
    static let bite: Int64 = 20_000
    /// From so many events on it is an import, of which the database may not have taken notice yet.
    private static let importSize: Int64 = 1_000

    func run(_ jobs: [ClaimedJob<NoteChanges>], context: JobContext) async throws -> BatchVerdict {
        guard let first = jobs.first, let settings = try await self.bridge.settings(first.tenant) else { return .all(.done()) }
        if jobs.map({ $0.payload.to - $0.payload.from + 1 }).reduce(0, +) >= Self.importSize { _ = try await context.pool.query(RefreshStatistics()) }
        let projection = Projection(tenant: TenantID(rawValue: first.tenant), settings: settings)
        return BatchVerdict.all(.done()) { tx, held in
            let ranges = jobs.filter { held.contains($0.id) }.map { EventRange(first: $0.payload.from, last: $0.payload.to) }
            let (bite, rest) = EventRange.bite(of: ranges, most: Self.bite)
            guard !bite.isEmpty else { return }
            let leadless = try await projection.project(bite, in: tx)
            let gathered = Duration.seconds(settings.coalesceSeconds)
            try await tx.enqueue(leadless.map { CreateLead(contact: $0) }, tenant: first.tenant, after: gathered)
            try await tx.enqueue(rest.map { NoteChanges(from: $0.first, to: $0.last) }, tenant: first.tenant)
        }
    }
}
