import FoundationEssentials
import Postgres

/// A taken job as the database gives it: the payload is still text.
///
/// A class, as it is handed from one part of the engine to the next and never changes.
final class JobClaimed: Sendable {
    let id: JobID
    let tenant: Int64
    let kind: String
    /// The lease number by which it is held.
    let lease: Int64
    let attempt: Int
    let maxAttempts: Int
    let createdAt: Date
    let runAt: Date
    let payload: JobPayloadBytes
    /// Called off between its last run and this one.
    let isCancelled: Bool
    /// A job with its key may wait for its end.
    let isKeyed: Bool
    /// How urgent it is: 0 first, 9 last.
    let priority: Int
    /// The step of a trace that it follows.
    let trace: String?
    /// Taken as a suspect: its worker died with it before.
    let isSuspect: Bool

    /// This run of it.
    var run: JobRun { JobRun(id: self.id, lease: self.lease) }

    /// The gate before its kind at its urgency.
    var ownGate: String { "kind:\(self.kind)@\(self.priority)" }

    /// From the first twelve columns of a row, and the one with the trace.
    init(_ row: PostgresRow, trace: Int, isSuspect: Bool = false) throws(PostgresError) {
        self.id = JobID(rawValue: try row.decode(0))
        self.tenant = try row.decode(1)
        self.kind = try row.decode(2)
        self.lease = try row.decode(3)
        self.attempt = try row.decode(4)
        self.maxAttempts = try row.decode(5)
        self.createdAt = try row.decode(6)
        self.runAt = try row.decode(7)
        self.payload = try row.decode(8)
        self.isCancelled = try row.decode(9)
        self.isKeyed = try row.decode(10)
        self.priority = try row.decode(11)
        self.trace = try row.decode(trace)
        self.isSuspect = isSuspect
    }
}
