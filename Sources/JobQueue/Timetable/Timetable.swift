package import Foundation
package import Logging
package import Postgres
import ServiceLifecycle
import Tracing

/// Rings what is due: each tick once, whoever else is ringing.
///
/// - Shape: a tick is a row, unique by (schedule, tick), written in the transaction that enqueues. Run two or more; one leads, which saves work and
///   nothing else. Entries are asked for at each round, so that they may come from the database (one a tenant).
/// - First sight: a schedule's memory begins when it is first seen; nothing is rung for the time before.
package struct Timetable: Service {
    private let pool: PostgresPool
    private let leadership: Leadership
    private let longest: Duration
    private let logger: Logger
    private let entries: @Sendable () async throws -> [TimetableEntry]

    /// - Parameters:
    ///   - longest: no wait is longer: by then entries are asked for anew.
    ///   - entries: what is on the table now.
    package init(
        pool: PostgresPool, longest: Duration = .seconds(30), leaderLease: Duration = .seconds(30), logger: Logger,
        entries: @escaping @Sendable () async throws -> [TimetableEntry]
    ) {
        self.pool = pool
        self.leadership = Leadership(pool: pool, name: "timetable", lease: leaderLease)
        self.longest = min(longest, leaderLease / 3)
        self.logger = logger
        self.entries = entries
    }

    /// Rings until graceful shutdown.
    package func run() async throws {
        await cancelWhenGracefulShutdown { await self.keepRinging() }
        // The Task may be cancelled by now, and giving up the lead is a round trip.
        await Task { await self.leadership.resign() }.value
    }

    private func keepRinging() async {
        var failures = 0
        while !Task.isCancelled {
            do {
                let next = try await self.leadership.hold() ? self.round() : nil
                failures = 0
                let wait = next.map { Duration.seconds($0.timeIntervalSinceNow) } ?? self.longest
                try await Task.sleep(for: max(.milliseconds(50), min(wait, self.longest * Double.random(in: 0.8...1))))
            } catch {
                if Task.isCancelled { return }
                failures += 1
                self.logger.warning("The timetable waits for the database", metadata: ["error": "\(JobFailure.text(for: error))"])
                try? await Task.sleep(for: Backoff(base: .milliseconds(200), cap: .seconds(5)).wait(after: failures) + .milliseconds(50))
            }
        }
    }

    /// Rings everything that is due now; when the next is due, by this machine's clock.
    ///
    /// One entry in trouble does not hold up the others.
    @discardableResult
    package func round() async throws -> Date? {
        var next: Date?
        for entry in try await self.entries() {
            do {
                guard let row = try await self.pool.first(TickLast(schedule: entry.name)) else { continue }
                for tick in entry.due(after: row.last, now: row.now) { try await self.ring(entry, tick) }
                guard let following = entry.crontab.next(after: row.now) else { continue }
                // A wait is a difference: the machine's own clock may be off.
                let local = Date().addingTimeInterval(following.timeIntervalSince(row.now))
                next = next.map { min($0, local) } ?? local
            } catch {
                if Task.isCancelled { throw error }
                if let database = error as? PostgresError, database.isUnreachable { throw error }
                self.logger.error(
                    "An entry of the timetable can't be rung", metadata: ["schedule": "\(entry.name)", "error": "\(JobFailure.text(for: error))"])
            }
        }
        return next
    }

    private func ring(_ entry: TimetableEntry, _ tick: Date) async throws {
        // A trace begins here, and goes as far as the last push.
        let isOurs = try await withSpan("tick \(entry.name)", ofKind: .producer) { _ in
            try await self.pool.transaction { tx in
                guard try await tx.execute(TickInsert(schedule: entry.name, tick: tick)) == 1 else { return false }
                try await entry.ring(tx, tick)
                return true
            }
        }
        if isOurs { self.logger.info("Rang", metadata: ["schedule": "\(entry.name)", "tick": "\(tick.formatted(.iso8601))"]) }
    }
}
