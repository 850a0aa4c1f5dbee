package import Logging
package import Postgres

/// Whether a process may work on its database: it is there, and its schema is new enough.
package struct DatabaseReadiness: Sendable {
    private let migrator: Migrator
    private let logger: Logger
    private let pause: @Sendable (Duration) async throws -> Void

    /// Asks through `migrator`; `pause` is how time passes between two attempts.
    package init(
        migrator: Migrator, logger: Logger,
        pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.migrator = migrator
        self.logger = logger
        self.pause = pause
    }

    /// Returns as soon as the database answers and its schema is new enough, however long that takes.
    ///
    /// - Throws: a ``Complaint`` naming `kakehashi migrate` when the schema is older than this program needs; `CancellationError` when the
    ///   wait is called off; the database's own error when waiting can't mend it.
    package func wait() async throws {
        var steps = WaitSteps()
        while true {
            do throws(Complaint) {
                try await self.require()
                return
            } catch {
                guard error.ending == .unreachable else { throw error }
                let (pause, speak) = steps.next(random: .random(in: 0...1))
                if speak { self.logger.warning("Waiting for the database", metadata: ["reason": "\(error.sentence)"]) }
                try await self.pause(pause)
            }
        }
    }

    /// The same, asked once: not there is a ``Complaint`` with exit code 69.
    package func require() async throws(Complaint) {
        do {
            try await self.migrator.check()
        } catch {
            throw Complaint(error)
        }
    }
}
