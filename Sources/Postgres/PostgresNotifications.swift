import CLibPQ
import Logging

/// Messages sent by NOTIFY.
///
/// Each loop over it has a connection of its own, made anew whenever it breaks, for as long as the loop's Task lives.
///
/// - Shape: `.connected` comes first and after each reconnection: whatever was sent before it may have been missed, so look for
///   yourself then. `.disconnected` says why a connection ended; the next attempt follows by itself, after a jittered wait.
/// - Ends: when the Task is cancelled or the pool is shut down. It never throws.
package struct PostgresNotifications: AsyncSequence, Sendable {
    /// What a listener hears.
    package enum Event: Sendable, Equatable {
        /// Listening, from now on.
        case connected
        /// A message.
        case notification(channel: String, payload: String)
        /// Not listening any more, and why.
        case disconnected(PostgresError)
    }

    /// How often a silent connection is asked whether it lives.
    static let probeInterval = Duration.seconds(15)

    let pool: PostgresPool
    let channels: [String]
    /// How time passes before the next attempt.
    var pause: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

    /// Starts listening with the first `next`.
    package func makeAsyncIterator() -> Iterator { Iterator(self) }

    /// One loop over the messages.
    package final class Iterator: AsyncIteratorProtocol {
        private let pool: PostgresPool
        private let channels: [String]
        private let pause: @Sendable (Duration) async throws -> Void
        private var link: Link?
        private var loan = Loan()
        private var waiting: [Event] = []
        /// Connections in a row on which LISTEN was refused or that ended before anything had come of them.
        private var failures = 0

        init(_ notifications: PostgresNotifications) {
            self.pool = notifications.pool
            self.channels = notifications.channels
            self.pause = notifications.pause
        }

        deinit { self.link?.wire.close() }

        /// The next event; `nil` at the end.
        package func next() async -> Event? {
            while !Task.isCancelled, !self.pool.isClosed {
                if !self.waiting.isEmpty { return self.waiting.removeFirst() }
                do throws(PostgresError) {
                    guard let link else {
                        try await self.connect()
                        return .connected
                    }
                    try await self.receive(link)
                    self.failures = 0
                } catch {
                    if error.code == .cancelled { break }
                    guard let link else { continue }
                    link.wire.close()
                    self.link = nil
                    self.pool.logger.info("Listening interrupted", metadata: ["database.error": "\(error)"])
                    return .disconnected(error)
                }
            }
            self.link?.wire.close()
            self.link = nil
            return nil
        }

        private func connect() async throws(PostgresError) {
            if self.failures > 0 {
                let wait = Backoff.wait(after: self.failures - 1, jitter: .random(in: 0...1))
                do { try await self.pause(wait) } catch { throw PostgresError(.cancelled) }
            }
            // While the database is away, this waits and warns by itself.
            let link = try await self.pool.connect()
            self.failures += 1
            do throws(PostgresError) {
                for channel in self.channels {
                    // A name in double quotes may hold anything; a quote in it is doubled.
                    let quoted = channel.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
                    _ = try await link.run(script: "LISTEN \"\(quoted)\"", for: self.loan)
                }
            } catch {
                link.wire.close()
                if error.code != .cancelled {
                    self.pool.logger.log(
                        level: self.failures == 1 ? .warning : .debug, "Listening is refused",
                        metadata: ["database.error": "\(error)", "database.failures": "\(self.failures)"])
                }
                throw error
            }
            self.link = link
        }

        private func receive(_ link: Link) async throws(PostgresError) {
            if await !link.wire.waitForInput(until: .now + PostgresNotifications.probeInterval) {
                if Task.isCancelled || self.pool.isClosed { throw PostgresError(.cancelled) }
                _ = try await link.run(script: "SELECT 1", for: self.loan)
            }
            self.waiting = try link.wire.notifications().map { .notification(channel: $0.channel, payload: $0.payload) }
        }
    }
}
