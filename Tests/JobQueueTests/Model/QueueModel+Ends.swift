@testable import JobQueue

/// How runs end.
extension QueueModel {
    /// Why a run ended so, as the driver says it.
    static func reason(_ fate: JobEnd.Fate) -> String? { fate == .done || fate == .handBack ? nil : "\(fate.rawValue)!" }

    /// Ends a run; what became of it, or nil if it was somebody else's by then: then nothing has changed.
    mutating func end(_ end: ModelOperation.End) -> String? {
        guard var job = self.held(end.run) else { return nil }
        let reason = Self.reason(end.fate)
        let became: String
        switch end.fate {
        case .done:
            job.leave(for: .done, why: nil)
            became = "done"
        case .cancel:
            job.leave(for: .cancelled, why: job.cancelReason ?? reason)
            became = "cancelled"
        case .bury:
            job.note(error: reason)
            job.leave(for: .dead, why: reason)
            became = "dead"
        case .retry, .postpone, .handBack, .crash:
            became = self.goBack(&job, end, reason)
        }
        self.jobs[job.id] = job
        return became
    }

    /// It should wait again: unless it was called off, or has failed or crashed once too often, or a newer one takes its place.
    private mutating func goBack(_ job: inout ModelJob, _ end: ModelOperation.End, _ reason: String?) -> String {
        let isCrash = end.fate == .crash
        let (lease, attempt) = (job.lease, job.attempt)
        if end.fate == .retry || isCrash { job.note(error: reason) }
        if let called = job.cancelReason {
            job.leave(for: .cancelled, why: called)
            return "cancelled"
        }
        if end.fate == .retry, attempt >= job.maxAttempts {
            job.leave(for: .dead, why: "\(attempt) of \(job.maxAttempts) attempts are spent: \(reason ?? "")")
            return "dead"
        }
        if isCrash, job.isAlone, job.crashes >= 1 {
            job.crashes += 1
            job.leave(for: .dead, why: "its worker died with it \(job.crashes) times, the last time while it ran alone")
            job.crashLease = lease
            return "dead"
        }
        // Only a failure spends its attempt. A crash is counted; a hand-back shows nothing; any other end clears the marks.
        let spent = end.fate == .retry ? attempt : attempt - 1
        let crashes = isCrash ? job.crashes + 1 : end.fate == .handBack ? job.crashes : 0
        let wait = end.wait ?? 0
        if var rival = self.rival(of: job) {
            rival.attempt = max(rival.attempt, spent)
            rival.crashes = max(rival.crashes, crashes)
            rival.crashLease = nil
            rival.priority = min(rival.priority, job.priority)
            if !job.errors.isEmpty { rival.errors = job.errors }
            rival.why = reason ?? rival.why
            // With a wait: both waits are kept. Without: what was due now stays due now.
            if wait > 0 {
                rival.runAt = max(rival.runAt, wait)
                if rival.place != .suspect { rival.place = .scheduled }
            } else {
                rival.runAt = min(rival.runAt, job.runAt)
                if rival.place == .scheduled, rival.runAt <= 0 { rival.place = .ready }
            }
            if rival.crashes > 0 { rival.place = .suspect }
            self.jobs[rival.id] = rival
            job.leave(for: .cancelled, why: "superseded by \(rival.id)")
            return "superseded"
        }
        job.attempt = spent
        job.crashes = crashes
        job.crashLease = isCrash ? lease : end.fate == .handBack ? job.crashLease : nil
        job.place = crashes > 0 ? .suspect : wait > 0 ? .scheduled : .ready
        if wait > 0 { job.runAt = wait }
        job.why = reason ?? job.why
        job.worker = nil
        job.leaseUntil = nil
        job.isAlone = false
        return end.fate.rawValue
    }

    /// What nobody has renewed in time.
    var expired: [ModelRun] { self.running.filter { ($0.leaseUntil ?? 0) < 0 }.map(Self.run) }

    /// Whether the mark of a crash is this run's.
    func isMarked(_ run: ModelRun) -> Bool {
        guard let job = self.jobs[run.id], job.crashLease == run.lease else { return false }
        return job.place == .dead || job.isLive && job.crashes > 0
    }

    /// The run's process lives after all: its mark is taken back, and if the job was buried for it, it rises again.
    mutating func absolve(_ run: ModelRun) {
        guard self.isMarked(run), var job = self.jobs[run.id] else { return }
        if job.place == .dead {
            guard self.rival(of: job) == nil else { return }
            job.place = .suspect
            job.attempt = max(job.attempt - 1, 0)
            job.worker = nil
            job.claimedAt = nil
            job.why = nil
        }
        job.crashes -= 1
        job.crashLease = nil
        if job.place == .suspect, job.crashes == 0 { job.place = .ready }
        self.jobs[job.id] = job
    }
}
