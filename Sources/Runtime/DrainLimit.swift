import Dispatch
import Foundation
package import Logging
import ServiceLifecycle
import Synchronization

/// Sees to it that a stop ends in time: at the end of the drain time the process leaves, whatever still runs.
///
/// Must be the last service of its group, so that it is the first to hear of the stop. Leaving hard is safe: what runs is at most a transaction,
/// which PostgreSQL rolls back, and a lease, which runs out.
package final class DrainLimit: Service {
    let limit: Duration
    private let logger: Logger
    private let begun = Mutex(false)

    /// A stop may take `limit`.
    package init(_ limit: Duration, logger: Logger) {
        self.limit = limit
        self.logger = logger
    }

    /// Whether the stop has begun.
    package var hasBegun: Bool { self.begun.withLock { $0 } }

    package func run() async throws {
        do {
            try await gracefulShutdown()
        } catch {
            return
        }
        self.begun.withLock { $0 = true }
        self.logger.info("Stopping", metadata: ["drain.seconds": "\(self.limit.components.seconds)"])
        let logger = self.logger
        // A timer of its own: it must fire even when a stuck handler holds every thread of the cooperative pool.
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(Int(self.limit / .milliseconds(1)))) {
            logger.error("The drain time is over; leaving what still runs to its lease")
            exit(Ending.done.rawValue)
        }
    }
}
