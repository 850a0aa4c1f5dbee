/// A job as the model has it, and as a row of the database is read: one shape, so that the two are compared whole.
///
/// Times are milliseconds from now.
struct ModelJob: Hashable, Sendable {
    /// The one state and the one place it is in: the first four are rows of `jobs.job`, then `jobs.history`, then `jobs.dead`.
    enum Place: String, Sendable {
        case ready, scheduled, suspect, running
        case done, cancelled
        case dead
    }

    let id: Int64
    let tenant: Int64
    let kind: String
    let key: String?
    var place: Place
    var priority: Int
    var payload: Int
    var maxAttempts: Int
    var runAt: Int
    var createdAt = 0
    var attempt = 0
    var crashes = 0
    /// The run that was taken for a crash last, so that its worker can take it back.
    var crashLease: Int64?
    var lease: Int64 = 0
    /// Started as the only thing in its process.
    var isAlone = false
    var worker: Int?
    var leaseUntil: Int?
    var claimedAt: Int?
    /// As `attempt:text`.
    var errors: [String] = []
    /// Why it waits (`note`), or why it ended as it did (`reason`).
    var why: String?
    /// Called off while it runs.
    var cancelReason: String?

    /// Ready, scheduled or suspect: what a key is unique among.
    var isWaiting: Bool { self.place == .ready || self.place == .scheduled || self.place == .suspect }
    /// In `jobs.job`.
    var isLive: Bool { self.isWaiting || self.place == .running }

    /// Whether both have the same key of the same kind and tenant.
    func sharesKey(with other: ModelJob) -> Bool {
        self.key != nil && self.key == other.key && self.kind == other.kind && self.tenant == other.tenant
    }

    /// The list keeps its first and its last nine.
    mutating func note(error: String?) {
        if self.errors.count >= 10 { self.errors.remove(at: 1) }
        self.errors.append("\(self.attempt):\(error ?? "")")
    }

    /// The clock moves on by so much.
    mutating func age(_ milliseconds: Int) {
        self.runAt -= milliseconds
        self.createdAt -= milliseconds
        self.claimedAt = self.claimedAt.map { $0 - milliseconds }
        self.leaseUntil = self.leaseUntil.map { $0 - milliseconds }
    }

    /// It leaves `jobs.job` for good, or until a person brings it back: what only a live job has is gone.
    mutating func leave(for place: Place, why: String?) {
        self.place = place
        self.why = why
        self.leaseUntil = nil
        self.cancelReason = nil
        self.isAlone = false
        self.crashLease = nil
    }
}

/// A run: a job under a lease number.
struct ModelRun: Hashable, Sendable, CustomStringConvertible {
    let id: Int64
    let lease: Int64
    var description: String { "\(self.id)/\(self.lease)" }
}
