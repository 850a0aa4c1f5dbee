package import FoundationEssentials
import Postgres

/// A job as an operator sees it.
package struct JobFacts: Sendable {
    package let id: Int64
    /// Whose it is; `nil` for nobody's.
    package let tenant: String?
    package let kind: String
    /// `ready`, `running`, `retrying`, `dead`, `done` or `cancelled` (CONTRACT 5).
    package let state: String
    package let priority: Int
    package let attempt: Int
    package let mostAttempts: Int
    package let runAt: Date
    package let createdAt: Date
    package let endedAt: Date?
    /// Why it was tried again, or ended so.
    package let reason: String?
    /// What it is to do, as JSON.
    package let payload: String
    /// The process that has it.
    package let worker: String?
    package let leaseUntil: Date?

    /// In the order of the columns of `ListJobs` and `FindJob`.
    init(row: PostgresRow) throws(PostgresError) {
        self.id = try row.decode(0)
        self.tenant = try row.decode(1)
        self.kind = try row.decode(2)
        self.state = try row.decode(3)
        self.priority = try row.decode(4)
        self.attempt = try row.decode(5)
        self.mostAttempts = try row.decode(6)
        self.runAt = try row.decode(7)
        self.createdAt = try row.decode(8)
        self.endedAt = try row.decode(9)
        self.reason = try row.decode(10)
        self.payload = try row.decode(11)
        self.worker = try row.decode(12)
        self.leaseUntil = try row.decode(13)
    }
}
