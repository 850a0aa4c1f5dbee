import Foundation
import Glibc

/// libpq's own variables (`PGSSLMODE`, `PGSERVICE` and their kin) as the caller of the tests has them set for a database of theirs.
///
/// They would reach our connections and those of the programs that tests start.
enum CallersVariables {
    /// Takes them out of this process, once, before the first connection is made.
    static func forget() { Self.once }

    private static let once: Void = {
        for name in ProcessInfo.processInfo.environment.keys where name.hasPrefix("PG") { unsetenv(name) }
    }()
}
