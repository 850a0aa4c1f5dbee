import Foundation
import Logging
import NIOCore
import Synchronization

/// The world behind its lock, and the machine's clock beside it.
final class Instance: Sendable {
    private let world: Mutex<World>
    let logger: Logger

    init(_ configuration: SimulatorConfiguration, logger: Logger) {
        let now = configuration.now.map { $0 * 1_000 } ?? Int64(Date().timeIntervalSince1970 * 1_000)
        self.world = Mutex(World(configuration, uptime: Self.uptime(), milliseconds: now))
        self.logger = logger
    }

    /// Does something to the world, at the present uptime.
    ///
    /// Time is read inside the lock, so that it never runs backwards in there.
    func with<Value: Sendable>(_ body: (inout World, Int64) throws -> sending Value) rethrows -> Value {
        try self.world.withLock { try body(&$0, Self.uptime()) }
    }

    private static func uptime() -> Int64 {
        Int64(NIODeadline.now().uptimeNanoseconds)
    }
}
