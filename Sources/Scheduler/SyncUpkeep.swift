import Logging
import Postgres
import ServiceLifecycle
import Store

/// Forgets what is old: entries of the record after 400 days, sweeps after 90, calls and seen activities after three, what was only looked at at once.
///
/// Two of it at once do no harm; each takes what the other has not taken.
struct SyncUpkeep: Service {
    private static let recordIsKept = Duration.seconds(400 * 86_400)
    private static let sweepsAreKept = Duration.seconds(90 * 86_400)
    private static let activitiesAreKept = Duration.seconds(3 * 86_400)
    private static let period = Duration.seconds(600)

    let pool: PostgresPool
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await self.round()
                } catch {
                    if Task.isCancelled { return }
                    self.logger.warning("Upkeep waits for the database", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: Self.period * Double.random(in: 0.8...1.2))
            }
        }
    }

    /// Forgets all that is old now.
    func round() async throws(PostgresError) {
        while try await self.pool.first(PruneRecord(keep: Self.recordIsKept)) ?? 0 >= Int64(PruneRecord.bite) {}
        while try await self.pool.first(PruneSeenActivities(keep: Self.activitiesAreKept)) ?? 0 >= Int64(PruneSeenActivities.bite) {}
        try await self.pool.execute(PruneActivityReads())
        try await self.pool.execute(PruneRuns(keep: Self.sweepsAreKept))
        _ = try await CallLedger(pool: self.pool).prune()
    }
}
