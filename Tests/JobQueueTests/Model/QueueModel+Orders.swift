@testable import JobQueue

/// What operators order.
extension QueueModel {
    /// The SQLSTATE of the refusal, or nil if it was carried out.
    mutating func order(_ order: JobOrder.Order, _ id: Int64) -> String? {
        guard var job = self.jobs[id] else { return "P0002" }
        guard job.place != .done, job.place != .cancelled else { return "55000" }
        switch order {
        case .retry:
            if job.place == .running { return "55000" }
            if job.place == .dead { return self.revive(&job) }
            job.runAt = min(job.runAt, 0)
            if job.place == .scheduled { job.place = .ready }
        case .cancel:
            // Its worker is told; unless it is done first it ends as cancelled.
            if job.place == .running {
                job.cancelReason = "cancelled by an operator"
            } else {
                job.leave(for: .cancelled, why: "cancelled by an operator")
            }
        case .bury:
            if job.place == .dead { return "55000" }
            job.leave(for: .dead, why: "enough")
        }
        self.jobs[id] = job
        return nil
    }

    /// Back with all its attempts; or a newer one with its key is made due, and the dead one is struck off.
    private mutating func revive(_ job: inout ModelJob) -> String? {
        if var rival = self.rival(of: job) {
            rival.runAt = min(rival.runAt, 0)
            if rival.place == .scheduled { rival.place = .ready }
            self.jobs[rival.id] = rival
            job.leave(for: .cancelled, why: "superseded by \(rival.id)")
        } else {
            job.place = .ready
            job.runAt = 0
            (job.attempt, job.crashes, job.crashLease) = (0, 0, nil)
            (job.worker, job.claimedAt, job.why) = (nil, nil, nil)
        }
        self.jobs[job.id] = job
        return nil
    }
}
