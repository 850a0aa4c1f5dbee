package import FoundationEssentials

/// A job this process holds: its work, and what is known about it.
package struct ClaimedJob<Payload: Job>: Sendable {
    /// Its number.
    package let id: JobID
    /// What is to be done.
    package let payload: Payload
    /// Whose it is; 0 is nobody's.
    package let tenant: Int64
    /// Which attempt this is, counted from 1.
    package let attempt: Int
    /// Its worker died with it before: whatever may be to blame is better done apart.
    package let isSuspect: Bool
    /// After how many failed attempts it dies.
    package let maxAttempts: Int
    /// When it was enqueued.
    package let createdAt: Date
    /// When it was due.
    package let runAt: Date

    /// For tests of handlers; the engine makes its own from what it claimed.
    package init(
        id: JobID, payload: Payload, tenant: Int64 = 0, attempt: Int = 1, isSuspect: Bool = false, maxAttempts: Int = 20,
        createdAt: Date = Date(), runAt: Date = Date()
    ) {
        self.id = id
        self.payload = payload
        self.tenant = tenant
        self.attempt = attempt
        self.isSuspect = isSuspect
        self.maxAttempts = maxAttempts
        self.createdAt = createdAt
        self.runAt = runAt
    }
}
