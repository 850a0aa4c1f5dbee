package import FoundationEssentials
package import Postgres

/// A process that takes jobs.
package struct WorkerStatus: Sendable, Equatable {
    /// Random, never host or pid.
    package let id: UUID
    /// The machine's name.
    package let host: String
    /// Its number on that machine.
    package let pid: Int
    /// Its build.
    package let version: String
    /// Jobs it runs just now.
    package let running: Int
    /// When it last gave a sign of life.
    package let seenAt: Date
}

/// Every worker that lives, the liveliest first: `ops.workers`.
///
/// - Index: none; there are few.
package struct WorkerStatusQuery: PostgresStatement {
    /// All of them.
    package init() {}

    package static let sql = "SELECT id, host, pid, version, running, seen_at FROM ops.workers ORDER BY seen_at DESC, id"
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> WorkerStatus {
        WorkerStatus(
            id: try row.decode(0), host: try row.decode(1), pid: try row.decode(2), version: try row.decode(3), running: try row.decode(4),
            seenAt: try row.decode(5))
    }
}
