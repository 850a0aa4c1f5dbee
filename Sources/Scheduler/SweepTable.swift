import JobQueue
import Jobs
package import Logging
package import Postgres
import Store
import Sync

/// When each tenant's hourly sync is due, at a minute of its own (R11), and when the feeds are looked at once more for a day: each night at three by its own clock.
package struct SweepTable: Sendable {
    private let pool: PostgresPool
    private let logger: Logger

    /// Over this database.
    package init(pool: PostgresPool, logger: Logger) {
        self.pool = pool
        self.logger = logger
    }

    /// How far each night's second look at the feeds goes back; source: sync-algorithms.md 3.4.
    private static let nightlyHours = 26

    /// Two entries for each tenant that was started.
    ///
    /// A paused tenant's sweep waits behind its gate, one at most.
    func entries() async throws -> [TimetableEntry] {
        try await self.pool.query(TenantList()).flatMap { tenant -> [TimetableEntry] in
            guard tenant.startedAt != nil else { return [] }
            let settings: TenantSettings
            do {
                settings = try tenant.settings()
            } catch {
                self.logger.error("A tenant's settings can't be read", metadata: ["tenant.name": "\(tenant.name)", "error": "\(error)"])
                settings = TenantSettings()
            }
            let minute = SweepMinute(tenant: tenant.name, settings: settings)
            let id = tenant.id.rawValue
            let hourly = TimetableEntry(name: "sweep:\(id)", crontab: try Crontab("\(minute.minute) * * * *")) { tx, _ in
                try await tx.enqueue(StartSweep(), tenant: id)
            }
            let nightly = TimetableEntry(name: "tail:\(id)", crontab: try Crontab("\(minute.minute) 3 * * *", zone: settings.timeZone)) { tx, _ in
                try await tx.enqueue(FetchTailPage(hours: Self.nightlyHours), tenant: id)
            }
            return [hourly, nightly]
        }
    }
}
