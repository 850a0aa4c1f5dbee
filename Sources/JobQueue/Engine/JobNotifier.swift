package import Logging
package import Postgres
import ServiceLifecycle

/// Sends a hint to the other processes when jobs were enqueued here: at most one every 5 ms, after the commit, on a round trip of its own.
///
/// A processor brings its own; other long-running processes that enqueue may run one. Without, jobs are found by polling.
package struct JobNotifier: Service {
    /// The shortest time between two hints.
    private static let quiet = Duration.milliseconds(5)

    private let pool: PostgresPool
    private let logger: Logger

    /// Sends on a connection of `pool`.
    package init(pool: PostgresPool, logger: Logger) {
        self.pool = pool
        self.logger = logger
    }

    /// Sends until graceful shutdown.
    package func run() async throws {
        await cancelWhenGracefulShutdown { await self.run(untilCancelled: ()) }
    }

    /// Sends until the Task is cancelled.
    func run(untilCancelled: Void) async {
        let bell = WakeSignal()
        JobHints.shared.add(bell)
        defer { JobHints.shared.remove(bell) }
        while !Task.isCancelled {
            await bell.wait()
            if Task.isCancelled { return }
            do throws(PostgresError) {
                _ = try await self.pool.query(JobsNotify(payload: ""))
            } catch {
                self.logger.debug("A hint was not sent; the jobs are found by polling", metadata: ["database.error": "\(error)"])
            }
            try? await Task.sleep(for: Self.quiet)
        }
    }
}
